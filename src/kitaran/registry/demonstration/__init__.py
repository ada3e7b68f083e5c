"""An invented registry to try things in: kept apart from the real one, marked as invented where it shows."""
