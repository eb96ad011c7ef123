"""The pages of menus: a telephone's keys, and where each leads."""
