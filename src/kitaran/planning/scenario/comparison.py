"""Two finished runs side by side."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    pass
from kitaran.planning.scenario.reading import read_run

Record = dict[str, Any]


def compare(left: str | Path, right: str | Path) -> list[Record]:
    """Headline of two runs side by side: medians, and the change from left to right.

    Records: economy, year, quantity, unit, left, right, change, change_share (None where left is zero).
    """
    with read_run(left) as first, read_run(right) as second:
        before = {(row["economy"], row["year"], row["quantity"]): row for row in first.headline()}
        records = []
        for row in second.headline():
            other = before.get((row["economy"], row["year"], row["quantity"]))
            if other is None:
                continue
            change = row["p50"] - other["p50"]
            records.append(
                {
                    "economy": row["economy"],
                    "year": row["year"],
                    "quantity": row["quantity"],
                    "unit": row["unit"],
                    "left": other["p50"],
                    "right": row["p50"],
                    "change": change,
                    "change_share": change / other["p50"] if other["p50"] else None,
                }
            )
        return records
