"""The claims of the source documents beside a run: what is claimed, what we find, and why they differ."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from kitaran.planning.scenario import claims_flows, claims_plants
from kitaran.planning.scenario.claims_answer import Answer, Function, Measured, Silence
from kitaran.planning.scenario.claims_outcome import Outcome
from kitaran.planning.scenario.tables import NUMBER, TEXT, WHOLE, Table
from kitaran.reference import FactTable, Row, read

TABLE = "published_claims"
USED_TABLES = (TABLE, "battery_demand", "claim_assumptions")
ABOVE, BELOW, WITHIN, UNANSWERED = "above ours", "below ours", "within our band", "cannot be computed"
COLUMNS = {
    "number": WHOLE,
    "part": TEXT,
    "claim": TEXT,
    "for_year": WHOLE,
    "unit": TEXT,
    "claimed_low": NUMBER,
    "claimed": NUMBER,
    "claimed_high": NUMBER,
    "p10": NUMBER,
    "p50": NUMBER,
    "p90": NUMBER,
    "scope": TEXT,
    "verdict": TEXT,
    "reason": TEXT,
    "source": TEXT,
    "grade": TEXT,
}

MEASURES: Mapping[str, Function] = {
    function.__name__: function
    for function in (
        claims_flows.demand_growth,
        claims_flows.lithium_retired,
        claims_flows.second_life,
        claims_flows.second_life_share,
        claims_flows.recycled_share,
        claims_flows.recovered_value,
        claims_flows.recovered_growth,
        claims_flows.emissions_spared,
        claims_plants.recovered_today,
        claims_plants.recovered_best,
        claims_plants.lead_recovered,
        claims_plants.in_device_saving,
    )
}


@dataclass(frozen=True)
class Beside:
    """One claimed figure and ours."""

    claim: Row
    ours: Measured

    @property
    def verdict(self) -> str:
        """Where the claim lies against our band."""
        if isinstance(self.ours, Silence):
            return UNANSWERED
        low, high = self.claim.span
        if low > self.ours.high:
            return ABOVE
        return BELOW if high < self.ours.low else WITHIN

    @property
    def reason(self) -> str:
        """Our figures in words, then what the claim counts otherwise; or why there is nothing of ours."""
        difference = self.claim.text("difference")
        return f"{self.ours.words} {difference}".strip()

    def cells(self) -> dict[str, str | int | float]:
        """One row of the table `claims`; NaN where nothing of ours stands."""
        claim, (low, high) = self.claim, self.claim.span
        nothing = float("nan")
        ours = self.ours
        band = (ours.low, ours.middle, ours.high) if isinstance(ours, Answer) else (nothing,) * 3
        return {
            "number": int(claim.number("number") or 0),
            "part": claim.text("part"),
            "claim": claim.text("claim"),
            "for_year": int(claim.number("for_year") or 0),
            "unit": claim.text("unit"),
            "claimed_low": low,
            "claimed": claim.central,
            "claimed_high": high,
            **dict(zip(("p10", "p50", "p90"), band, strict=True)),
            "scope": ours.scope if isinstance(ours, Answer) else "",
            "verdict": self.verdict,
            "reason": self.reason,
            "source": claim.text("source"),
            "grade": claim.text("grade"),
        }


def claims(overrides: Path | None = None) -> FactTable:
    """Rows of the claims, by number and part."""
    return read(TABLE, overrides)


def set_beside(outcome: Outcome, overrides: Path | None = None) -> list[Beside]:
    """Every claimed figure with ours, in the order of the claims."""
    found = [Beside(claim, _ours(outcome, claim, overrides)) for claim in claims(overrides)]
    return sorted(found, key=lambda each: (each.claim.number("number"), each.claim.text("part")))


def _ours(outcome: Outcome, claim: Row, overrides: Path | None) -> Measured:
    name = claim.text("measure")
    if not name:
        return Silence("")
    if not outcome.placed_gwh.any():
        return Silence("This run holds no economy of the region.")
    return MEASURES[name](outcome, claim, overrides)


def as_table(found: list[Beside]) -> Table:
    """The table `claims` of a run."""
    rows = [each.cells() for each in found]
    table = Table(COLUMNS)
    table.add(
        len(rows),
        **{
            name: np.array([row[name] for row in rows], dtype=object if kind == TEXT else None)
            for name, kind in COLUMNS.items()
        },
    )
    return table
