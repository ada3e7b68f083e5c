"""The operating half: who holds which battery, what happened to it, and the record that proves it."""
