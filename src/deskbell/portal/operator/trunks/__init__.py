"""The operator's pages of ways to the telephone network."""
