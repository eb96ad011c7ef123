"""The floor: who waits, who is on what, and how well calls are answered."""
