"""The Export Scheduler: what is made and mailed again and again."""
