"""Deliveries: bringing one message to one delivery method, until it is there or cannot be."""
