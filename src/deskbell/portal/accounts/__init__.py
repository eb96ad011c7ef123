"""My Accounts: an account's numbers and company, its people, and how they come in and go."""
