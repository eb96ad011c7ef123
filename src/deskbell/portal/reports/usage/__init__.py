"""Usage Details: what an account used, by day, number, kind of call and receptionist."""
