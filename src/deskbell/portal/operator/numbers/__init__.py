"""The operator's pages of all numbers, and whose each is."""
