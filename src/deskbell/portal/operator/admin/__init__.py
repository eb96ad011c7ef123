"""Django's admin, for emergencies: every row to be looked at, and few to be removed."""
