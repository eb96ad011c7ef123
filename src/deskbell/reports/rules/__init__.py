"""Pure decisions about what leaves as a file, and when."""
