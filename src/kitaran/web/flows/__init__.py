"""Where batteries and used vehicles go between economies."""
