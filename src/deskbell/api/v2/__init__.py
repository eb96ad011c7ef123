"""The REST API of an account's messages; call recordings and to-dos join it, a file each.

Source: seed 000, "API Documentation and Integrations"; design, portal API.
"""
