"""My Profile: what people know and change of themselves. Source: seed 000, "My Profile"."""
