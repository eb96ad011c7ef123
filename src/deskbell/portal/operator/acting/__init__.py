"""Acting as a person: the operator says why, and stops."""
