"""The operator's pages of all accounts, and one of them."""
