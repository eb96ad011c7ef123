"""The pages of the draft and of what was published before it."""
