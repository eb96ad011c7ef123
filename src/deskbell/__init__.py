"""Deskbell: a self-hosted virtual receptionist."""
