"""Pages of what was used, and of files that leave."""
