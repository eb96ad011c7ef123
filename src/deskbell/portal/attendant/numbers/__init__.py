"""The pages of numbers and extensions."""
