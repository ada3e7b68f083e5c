"""Facilities: where batteries are handled, what each may do there, and what it gives off."""
