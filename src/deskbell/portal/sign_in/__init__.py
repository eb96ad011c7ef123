"""Signing in: by password or with Google, asking for access, and what is signed in where.

Source: seed 000, "Introduction" (User Sign In).
"""
