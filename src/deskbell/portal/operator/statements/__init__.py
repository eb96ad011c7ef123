"""The operator's pages of statements: months, what is held, and each account's."""
