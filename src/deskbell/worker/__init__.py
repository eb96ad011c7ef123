"""The job runner, and the one table of everything that runs by the clock."""
