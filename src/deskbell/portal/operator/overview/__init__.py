"""What needs the operator, on one page."""
