"""What a receptionist says and asks for each number, and where the message goes."""
