"""The Recordings pages: the list, and one recording to hear and to read."""
