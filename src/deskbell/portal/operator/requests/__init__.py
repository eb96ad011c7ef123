"""The operator's pages of people who ask for access."""
