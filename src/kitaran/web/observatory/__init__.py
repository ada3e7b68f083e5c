"""Registers and registered batteries as a proposal for the forecast."""
