"""What can be done with one battery by a click, and what was recorded."""
