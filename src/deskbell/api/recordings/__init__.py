"""The audio of recordings, for whoever has a signed link to it."""
