"""Finds what callers, and the people on call, would stumble over."""
