"""Verbs as elements: a module for each verb, or for a few that are alike."""
