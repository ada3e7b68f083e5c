"""Grade of a used battery: safety before health, and health on the lower bound."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from kitaran.registry.triage.health import Health, estimate
from kitaran.registry.triage.health_model import HealthModel
from kitaran.registry.triage.limits import limit
from kitaran.registry.triage.pulse_tests import PulseTests
from kitaran.registry.triage.safety import INSTRUCTIONS, NOT_INSPECTED, REASONS, UNSAFE, Safety, inspect

REUSE, REPURPOSE, RECYCLE = "reuse", "repurpose", "recycle"
QUARANTINE, TEST = "quarantine", "test"
NOT_LOOKED = "It was not inspected: look before it is used."
_MV = 1e3


@dataclass(frozen=True)
class Grading:
    """What each battery is graded as, (test,), and why.

    grade : reuse, repurpose or recycle, by the lower bound of health; quarantine where it is unsafe; test
            where nothing is known of its health
    """

    tests: PulseTests
    safety: Safety
    health: Health
    grade: NDArray[np.str_]
    reasons: tuple[tuple[str, ...], ...]


def grade(tests: PulseTests, model: HealthModel | None = None) -> Grading:
    """Grade batteries. No health is told of a battery that is not safe to test."""
    safety = inspect(tests)
    health = _hidden(estimate(tests, model), safety.verdict == UNSAFE)
    graded = np.select(
        [
            safety.verdict == UNSAFE,
            ~health.in_domain,
            health.low >= limit("reuse_from"),
            health.low >= limit("repurpose_from"),
        ],
        [QUARANTINE, TEST, REUSE, REPURPOSE],
        default=RECYCLE,
    )
    reasons = tuple(_reasons(row, str(graded[row]), tests, safety, health) for row in range(len(tests)))
    return Grading(tests, safety, health, graded, reasons)


def _hidden(health: Health, unsafe: NDArray[np.bool_]) -> Health:
    nothing = {name: np.where(unsafe, np.nan, getattr(health, name)) for name in ("soh", "low", "high")}
    return replace(health, **nothing, in_domain=health.in_domain & ~unsafe)


def _reasons(row: int, graded: str, tests: PulseTests, safety: Safety, health: Health) -> tuple[str, ...]:
    if graded == QUARANTINE:
        return (*(REASONS[name] for name in safety.reasons[row]), INSTRUCTIONS)
    remark = str(health.remark[row])
    remarks = (remark,) if remark else ()
    if graded == TEST:
        return (*remarks, "A full capacity test tells its health.")
    low, high = f"{health.low[row]:.0%}", f"{health.high[row]:.0%}"
    said = f"Nine times in ten its health is between {low} and {high}; it is graded on {low}."
    why = {
        REUSE: f"That is at least the {limit('reuse_from'):.0%} asked for use as before.",
        REPURPOSE: f"That is at least the {limit('repurpose_from'):.0%} asked for a gentler second use.",
        RECYCLE: f"That is below the {limit('repurpose_from'):.0%} asked for any second use.",
    }[graded]
    looked = () if safety.verdict[row] != NOT_INSPECTED else (NOT_LOOKED,)
    apart = tests.spread_mv[row]
    spread = (
        (f"Its cells stand {apart:g} mV apart: balance it, let it rest and measure again.",)
        if apart > limit("spread_v") * _MV
        else ()
    )
    return (said, why, *remarks, *spread, *looked)
