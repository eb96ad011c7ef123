"""What happens to messages, told to programs of the account's own by signed HTTP requests."""
