"""What a battery is by its label and its voltages: chemistry, nominal voltage, energy, cell or pack."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kitaran.planning.market.valuation.lot import CELLS, MODULE, PACK
from kitaran.reference import read
from kitaran.registry.triage.grading import Grading
from kitaran.registry.triage.limits import Limits

Array = NDArray[np.float64]

_FAMILIES = ("NMC", "LFP", "LMO")
_W_PER_KW = 1e3


@dataclass(frozen=True)
class Nameplate:
    """chemistry : (test,) as the voltages show it, or the label's; may be empty
    volts     : (test,) nominal [V], of the label or of one cell of the chemistry; NaN if not known
    kwh       : (test,) nameplate energy [kWh]; NaN if not known
    form      : (test,) cells, module or pack, by the nominal voltage; without one it is a cell
    member    : (test,) chemistry that is reckoned with: for a family, the member that stands for it
    """

    chemistry: NDArray[np.str_]
    volts: Array
    kwh: Array
    form: NDArray[np.str_]
    member: NDArray[np.str_]


def nameplate(graded: Grading) -> Nameplate:
    """Voltages go before the label, because labels of used batteries are often wrong or missing."""
    health, tests, limits = graded.health, graded.tests, graded.limits
    seen = np.array([name.split(" ")[0] for name in health.like.tolist()], dtype=np.str_)
    shown = health.in_domain & (health.method != "capacity_test") & (seen != "")
    chemistry = np.where(shown, seen, np.char.strip(tests.chemistry))
    chemistry = np.array([_known(name) for name in chemistry.tolist()], dtype=np.str_)
    of_cell = np.array([_volts(name, limits) for name in chemistry.tolist()], dtype=np.float64)
    volts = np.where(np.isfinite(tests.nominal_v), tests.nominal_v, of_cell)
    highest_v = max(limits[f"nominal_v_{name}"] for name in _FAMILIES)
    several = tests.nominal_v > limits["module_from_cells"] * np.where(np.isnan(of_cell), highest_v, of_cell)
    form = np.select([tests.nominal_v >= limits["pack_from_v"], several], [PACK, MODULE], CELLS)
    stands_for = {
        row.text("family"): row.text("stands_for") for row in read("triage_families", graded.overrides)
    }
    member = np.array([stands_for.get(name, name) for name in chemistry.tolist()], dtype=np.str_)
    return Nameplate(chemistry, volts, tests.nominal_ah * volts / _W_PER_KW, form, member)


def _known(name: str) -> str:
    """Names that hold no small letters in any vocabulary are written alike."""
    return name.upper() if name.upper().startswith(_FAMILIES) else name


def _volts(chemistry: str, limits: Limits) -> float:
    for name in _FAMILIES:
        if chemistry.startswith(name):
            return limits[f"nominal_v_{name}"]
    return float("nan")
