"""Grade of a used battery: safety before health, and health on the lower bound."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kitaran.registry.triage.fitted_health import HealthModel
from kitaran.registry.triage.health import Health, estimate
from kitaran.registry.triage.limits import Limits, limits_of, packaged_limits
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
    overrides, limits : the workspace's own rows, and the limits by which it was graded
    """

    tests: PulseTests
    safety: Safety
    health: Health
    grade: NDArray[np.str_]
    reasons: tuple[tuple[str, ...], ...]
    overrides: Path | None = None
    limits: Limits = field(default_factory=packaged_limits)


def grade(tests: PulseTests, model: HealthModel | None = None, overrides: Path | None = None) -> Grading:
    """Grade batteries. No health is told of a battery that is not safe to test.

    overrides : folder of a workspace's own rows
    """
    limits = limits_of(overrides)
    safety = inspect(tests, limits)
    health = _hidden(estimate(tests, model, limits), safety.verdict == UNSAFE)
    graded = np.select(
        [
            safety.verdict == UNSAFE,
            ~health.in_domain,
            health.low >= limits["reuse_from"],
            health.low >= limits["repurpose_from"],
        ],
        [QUARANTINE, TEST, REUSE, REPURPOSE],
        default=RECYCLE,
    )
    reasons = tuple(
        _reasons(row, str(graded[row]), tests, safety, health, limits) for row in range(len(tests))
    )
    return Grading(tests, safety, health, graded, reasons, overrides, limits)


def _hidden(health: Health, unsafe: NDArray[np.bool_]) -> Health:
    nothing = {name: np.where(unsafe, np.nan, getattr(health, name)) for name in ("soh", "low", "high")}
    return replace(health, **nothing, in_domain=health.in_domain & ~unsafe)


def _reasons(
    row: int, graded: str, tests: PulseTests, safety: Safety, health: Health, limits: Limits
) -> tuple[str, ...]:
    if graded == QUARANTINE:
        return (*(REASONS[name] for name in safety.reasons[row]), INSTRUCTIONS)
    remark = str(health.remark[row])
    remarks = (remark,) if remark else ()
    if graded == TEST:
        return (*remarks, "A full capacity test tells its health.")
    low, high = f"{health.low[row]:.0%}", f"{health.high[row]:.0%}"
    said = f"Nine times in ten its health is between {low} and {high}; it is graded on {low}."
    why = {
        REUSE: f"That is at least the {limits['reuse_from']:.0%} asked for use as before.",
        REPURPOSE: f"That is at least the {limits['repurpose_from']:.0%} asked for a gentler second use.",
        RECYCLE: f"That is below the {limits['repurpose_from']:.0%} asked for any second use.",
    }[graded]
    looked = () if safety.verdict[row] != NOT_INSPECTED else (NOT_LOOKED,)
    apart = tests.spread_mv[row]
    spread = (
        (f"Its cells stand {apart:g} mV apart: balance it, let it rest and measure again.",)
        if apart > limits["spread_v"] * _MV
        else ()
    )
    return (said, why, *remarks, *spread, *looked)
