"""The auto attendant: what a caller meets."""
