"""Every economy in one year, largest first or as the reader sorts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kitaran.reference import economies
from kitaran.web.choices import Choice
from kitaran.web.figures import figure, span
from kitaran.web.language import gettext as _
from kitaran.web.quantities import quantity

SORTS = ("name", "p50", "grade")


@dataclass(frozen=True)
class Entry:
    """One economy: its facts, and its row of the table."""

    facts: dict[str, Any]
    row: dict[str, Any]


@dataclass(frozen=True)
class Sort:
    """How the table is ordered, and the address that orders it otherwise."""

    by: str
    order: str
    choice: Choice

    def url(self, key: str, order: str) -> str:
        return f"/?{self.choice.query(sort=key, order=order)}#ranking"


@dataclass(frozen=True)
class Ranking:
    """The table of all economies."""

    columns: list[dict[str, Any]]
    entries: list[Entry]
    sort: Sort


def ranking(rows: Mapping[str, dict[str, Any]], choice: Choice, order: tuple[str, str]) -> Ranking:
    """rows: headline rows of one quantity and year by economy. Unknown sorting falls back to size."""
    by = order[0] if order[0] in SORTS else "p50"
    down = order[1] != "asc"
    names = {e.code: e for e in economies()}
    known = [row for code, row in rows.items() if code in names]
    known.sort(key=lambda row: names[row["economy"]].name)
    ranks = {row["economy"]: rank for rank, row in enumerate(sorted(known, key=_size, reverse=True), 1)}
    if by == "name":
        known.sort(key=lambda row: names[row["economy"]].name, reverse=down)
    else:
        known.sort(key=_size if by == "p50" else lambda row: row["grade"], reverse=down)
    entries = [_entry(row, names[row["economy"]], ranks[row["economy"]], choice) for row in known]
    return Ranking(_columns(choice), entries, Sort(by, "desc" if down else "asc", choice))


def _size(row: Mapping[str, Any]) -> float:
    return float(row["p50"])


def _entry(row: Mapping[str, Any], place: Any, rank: int, choice: Choice) -> Entry:
    facts = {key: row[key] for key in ("economy", "p10", "p50", "p90", "unit", "grade")}
    facts |= {"name": place.name, "rank": rank, "in_region": place.in_region}
    shown = {
        "rank": rank,
        "name": {
            "text": place.name,
            "href": f"/plan/{place.code}?year={choice.year}&quantity={choice.quantity}",
            "raw": True,
        },
        "p50": figure(row["p50"]),
        "range": span(row["p10"], row["p90"]),
        "grade": row["grade"],
        "partner": not place.in_region,
        "mark": "chosen" if place.code == choice.economy else "",
    }
    return Entry(facts, shown)


def _columns(choice: Choice) -> list[dict[str, Any]]:
    unit = quantity(choice.quantity).short
    return [
        {"key": "rank", "label": _("Rank"), "number": True, "kind": "rank"},
        {"key": "name", "label": _("Economy"), "sort": True, "heading": True},
        {"key": "p50", "label": _("Median, %(unit)s") % {"unit": unit} if unit else _("Median"),
         "number": True, "sort": True},
        {"key": "range", "label": _("8 times in 10 between"), "number": True},
        {"key": "grade", "label": _("Grade"), "sort": True},
    ]  # fmt: skip
