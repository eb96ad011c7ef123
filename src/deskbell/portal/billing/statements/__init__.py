"""An account's statements: the list, one of them, on paper, and as a file."""
