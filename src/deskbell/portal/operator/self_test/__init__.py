"""A message that the operator sends to see that somebody is reached."""
