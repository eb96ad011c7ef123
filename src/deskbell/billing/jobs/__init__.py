"""The work that billing queues, and what it does by the clock."""
