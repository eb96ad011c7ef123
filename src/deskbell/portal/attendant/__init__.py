"""The pages of the auto attendant: one noun per folder, each with its own table of URLs."""
