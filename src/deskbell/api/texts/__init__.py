"""What carriers of texts call: what people text to our numbers, and what became of our texts."""
