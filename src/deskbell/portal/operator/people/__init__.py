"""The operator's pages of the staff, and everybody who signs in."""
