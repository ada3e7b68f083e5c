"""Safety first: what was seen of a battery decides whether anyone goes on to test it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kitaran.registry.triage.columns import SEEN
from kitaran.registry.triage.limits import Limits, packaged_limits
from kitaran.registry.triage.pulse_tests import PulseTests

SAFE, UNSAFE, NOT_INSPECTED = "safe", "unsafe", "not_inspected"

REASONS: Mapping[str, str] = {
    "swollen": "It is swollen: gas has formed inside.",
    "leaked": "It has leaked: electrolyte burns and poisons.",
    "vented": "It has vented: it was in thermal runaway or near it.",
    "water": "Water got in: corrosion and short circuits follow late.",
    "crash": "It was in a crash: harm inside cannot be seen.",
    "undiagnosable": "Nobody can tell its state: it is treated as damaged.",
    "insulation": "Its insulation resistance is too low: the case may be live.",
}
INSTRUCTIONS = (
    "Do not charge, discharge, open or stack it. Keep people away, and put it outside or in a fireproof "
    "container at a distance from anything that burns; watch its temperature. Call whoever is trained for "
    "damaged batteries. It travels only as damaged (special provision 376), never by air."
)


@dataclass(frozen=True)
class Safety:
    """verdict : (test,) safe, unsafe or not_inspected;  reasons : for each test, the keys of REASONS met"""

    verdict: NDArray[np.str_]
    reasons: tuple[tuple[str, ...], ...]


def inspect(tests: PulseTests, limits: Limits | None = None) -> Safety:
    """Judge what was seen. One sign of danger is final; a battery is safe only if all was looked at.

    Insulation below `insulation_mohm` is a danger; not measured, it holds nobody back (a single cell has
    none).
    """
    least = (limits or packaged_limits())["insulation_mohm"]
    low = tests.insulation_mohm < least
    danger = np.concatenate([tests.seen == 1, tests.undiagnosable[:, None] == 1, low[:, None]], axis=1)
    looked = np.isfinite(tests.seen).all(axis=1)
    verdict = np.where(danger.any(axis=1), UNSAFE, np.where(looked, SAFE, NOT_INSPECTED))
    names = (*SEEN, "undiagnosable", "insulation")
    reasons = tuple(tuple(names[index] for index in np.flatnonzero(row)) for row in danger)
    return Safety(verdict, reasons)
