"""Pictures of people and logos of companies: shown, uploaded, cropped."""
