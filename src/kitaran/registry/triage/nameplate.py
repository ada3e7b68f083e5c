"""What a battery is by its label and its voltages: chemistry, nominal voltage, nameplate energy."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kitaran.registry.triage.grading import Grading
from kitaran.registry.triage.limits import limit

Array = NDArray[np.float64]

_CELLS = ("NMC", "LFP", "LMO")
_W_PER_KW = 1e3


@dataclass(frozen=True)
class Nameplate:
    """chemistry : (test,) as the voltages show it, or the label's; may be empty
    volts     : (test,) nominal [V], of the label or of one cell of the chemistry; NaN if not known
    kwh       : (test,) nameplate energy [kWh]; NaN if not known
    """

    chemistry: NDArray[np.str_]
    volts: Array
    kwh: Array


def nameplate(graded: Grading) -> Nameplate:
    """Voltages go before the label, because labels of used batteries are often wrong or missing."""
    health, tests = graded.health, graded.tests
    seen = np.array([name.split(" ")[0] for name in health.like.tolist()], dtype=np.str_)
    shown = health.in_domain & (health.method != "capacity_test") & (seen != "")
    chemistry = np.where(shown, seen, np.char.strip(tests.chemistry))
    chemistry = np.array([_known(name) for name in chemistry.tolist()], dtype=np.str_)
    of_cell = np.array([_volts(name) for name in chemistry.tolist()], dtype=np.float64)
    volts = np.where(np.isfinite(tests.nominal_v), tests.nominal_v, of_cell)
    return Nameplate(chemistry, volts, tests.nominal_ah * volts / _W_PER_KW)


def _known(name: str) -> str:
    """Names that hold no small letters in any vocabulary are written alike."""
    return name.upper() if name.upper().startswith(_CELLS) else name


def _volts(chemistry: str) -> float:
    for name in _CELLS:
        if chemistry.startswith(name):
            return limit(f"nominal_v_{name}")
    return float("nan")
