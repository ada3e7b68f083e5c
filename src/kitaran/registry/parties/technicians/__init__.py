"""Certified technicians: who was shown to be able to do what, by whom, until when."""
