"""How long the batteries of an economy last, on its planning page."""
