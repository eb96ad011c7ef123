"""Elements as verbs: a module for each verb, or for a few that are alike."""
