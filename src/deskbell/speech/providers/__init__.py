"""Ways to speak: one folder each, none knows another; registry.py lists them."""
