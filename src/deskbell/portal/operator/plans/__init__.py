"""The operator's pages of what accounts can be given to pay."""
