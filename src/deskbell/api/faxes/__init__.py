"""What those who send our faxes call: what became of them."""
