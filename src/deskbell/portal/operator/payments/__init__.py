"""The operator's pages of what accounts paid."""
