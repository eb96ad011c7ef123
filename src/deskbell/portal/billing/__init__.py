"""What an account owes, what it paid, and Pay Your Bill."""
