"""The Messages pages: the list that renews itself, one message, its recording."""
