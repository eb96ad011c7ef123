"""Deliveries by email."""
