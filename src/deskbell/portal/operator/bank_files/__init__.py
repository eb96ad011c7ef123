"""The operator's pages of files for the bank, and of what the bank sends back."""
