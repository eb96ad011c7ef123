"""Schedules: a system's week as a painted grid, and its special days as a calendar."""
