"""The incident register: fire, theft, leak, accident and loss, from the report to its closing."""
