"""What can still be wrong with a graded battery: what the interval leaves open, and what nobody tested.

The interval of 90 % is calibrated on cells left out, so it gives a probability: that health is below what a
way asks for, with a normal error on each side of the estimate,

    p = Phi( (asked - soh) / s ),   s = (soh - low) / z below the estimate, (high - soh) / z above;  z = 1.645
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from kitaran.planning.market.valuation.lot import CELLS
from kitaran.planning.market.valuation.ranges import P95_SCORE
from kitaran.registry.triage.grading import Grading
from kitaran.registry.triage.safety import NOT_INSPECTED

INSPECTION, INSULATION, SPREAD, CAPACITY, INSIDE = (
    "inspection",
    "insulation",
    "cell_spread",
    "capacity",
    "inside",
)
WORDS: Mapping[str, str] = {
    INSPECTION: "Nobody looked for signs of danger.",
    INSULATION: "Its insulation was not measured: the case may be live.",
    SPREAD: "The spread of its cells was not measured: one weak cell ends it early.",
    CAPACITY: "No full capacity test was made: health is an estimate.",
    INSIDE: "Heat and abuse of its past leave harm inside that no short test shows.",
}


def below(asked: float, soh: float, low: float, high: float) -> float:
    """Probability that health is below what is asked for; NaN where health is not known."""
    half = soh - low if asked < soh else high - soh
    if not math.isfinite(half):
        return math.nan
    if half <= 0:
        return float(asked > soh)
    return 0.5 * math.erfc(-(asked - soh) / (half / P95_SCORE) / math.sqrt(2))


def not_tested(graded: Grading, row: int, form: str) -> tuple[str, ...]:
    """Keys of WORDS: what was not looked at, of what matters for a cell, a module or a pack."""
    tests = graded.tests
    missing = [
        (INSPECTION, graded.safety.verdict[row] == NOT_INSPECTED),
        (INSULATION, form != CELLS and math.isnan(tests.insulation_mohm[row])),
        (SPREAD, form != CELLS and math.isnan(tests.spread_mv[row])),
        (CAPACITY, graded.health.method[row] != "capacity_test"),
        (INSIDE, True),
    ]
    return tuple(name for name, holds in missing if holds)
