"""The pages of announcements: what callers hear, typed or uploaded, and how it sounds."""
