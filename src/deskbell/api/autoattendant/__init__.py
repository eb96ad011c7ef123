"""The Auto Attendant REST API: a person's accounts, their systems, menus, numbers and usage.

Source: seed 002, whose paths, fields and codes these are; design, attendant API, for what it
leaves open.
"""
