"""Recognition: what a caller says, out of what is likely to be said."""
