"""The checker: every check is a small function registered by name; errors must be mended, flags looked at."""

from __future__ import annotations

from kitaran.reference.checks.registry import CHECKS, check_library

__all__ = ["CHECKS", "check_library"]
