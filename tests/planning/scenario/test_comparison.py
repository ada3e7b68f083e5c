"""Two finished runs side by side."""

from __future__ import annotations

from pathlib import Path

from kitaran.planning import scenario
from kitaran.planning.scenario import QUANTITIES
from kitaran.planning.scenario.chain_run import HEADLINE


def test_two_runs_are_compared_side_by_side(made: Path) -> None:
    rows = scenario.compare(made, made)
    assert len(rows) == 6 * 41 * len((*QUANTITIES, *HEADLINE))
    assert all(row["change"] == 0 for row in rows)
