"""The Oncall Calendar: who is on call when, to look at and to change."""
