"""The dashboard: what a person sees first."""
