"""Recalls and safety alerts by battery model: public, with what they concern and who was told."""
