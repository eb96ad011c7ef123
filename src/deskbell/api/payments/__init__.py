"""What providers of payments tell by themselves."""
