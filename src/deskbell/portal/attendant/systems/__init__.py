"""The pages of systems: the list, and one system's own fields."""
