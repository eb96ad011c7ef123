"""What accounts pay for: plans, and which account has which."""
