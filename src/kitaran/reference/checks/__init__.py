"""The checker: every check is a small function registered by name; errors must be mended, flags looked at.

General checks run on every table. A sidecar names the checks that its own subject needs (`checks: [...]`).
"""

from __future__ import annotations

from kitaran.reference.checks import (
    bounds,
    cells,
    climate,
    evidence,
    identity,
    jumps,
    parts,
    paths,
    shares,
    stocks,
)
from kitaran.reference.checks.registry import GENERAL, SPECIFIC, check_library

__all__ = [
    "GENERAL",
    "SPECIFIC",
    "bounds",
    "cells",
    "check_library",
    "climate",
    "evidence",
    "identity",
    "jumps",
    "parts",
    "paths",
    "shares",
    "stocks",
]
