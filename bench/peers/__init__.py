"""The other ends of what is measured, and how a process is watched."""
