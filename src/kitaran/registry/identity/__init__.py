"""Which battery is meant: the codes on its label, read, checked and built."""

from kitaran.registry.identity.code import ParsedCode, parse

__all__ = ["ParsedCode", "parse"]
