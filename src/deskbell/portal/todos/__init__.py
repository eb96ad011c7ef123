"""The pages of To Dos: what goes out by the clock, when, and what became of each run."""
