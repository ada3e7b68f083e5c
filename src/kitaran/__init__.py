"""Kitaran: circular batteries.

Open software with which a country of Asia and the Pacific plans and runs a circular system for EV batteries.
`import kitaran` exposes the nouns (`kitaran.reference`, `kitaran.fleet`, `kitaran.scenario`, ...), loaded
when first used; the full paths are public too.
"""

from __future__ import annotations

import importlib
from types import ModuleType

__version__ = "0.1.0"

_NOUNS = {
    "reference": "kitaran.reference",
    "law": "kitaran.law",
    "lifetime": "kitaran.planning.lifetime",
    "fleet": "kitaran.planning.fleet",
    "materials": "kitaran.planning.materials",
    "manufacturing": "kitaran.planning.manufacturing",
    "processes": "kitaran.planning.processes",
    "valuation": "kitaran.planning.market.valuation",
    "uncertainty": "kitaran.planning.uncertainty",
    "scenario": "kitaran.planning.scenario",
}

__all__ = ["__version__", *_NOUNS]


def __getattr__(name: str) -> ModuleType:
    if name in _NOUNS:
        return importlib.import_module(_NOUNS[name])
    raise AttributeError(f"module 'kitaran' has no attribute {name!r}; it has {', '.join(sorted(_NOUNS))}")
