"""How a battery ages in a place and at a duty."""
