"""The Webhooks pages: who is told of what happens, and what they were told."""
