"""The map of one quantity in one year: shades by size, circles for islands, hatching for no figure."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from kitaran.reference import economies
from kitaran.web.boundaries import NATURAL_EARTH, Boundaries, boundaries
from kitaran.web.figures import plain
from kitaran.web.language import gettext as _
from kitaran.web.maps.shapes import Shapes, shapes
from kitaran.web.quantities import BATTERIES, quantity

STEPS = 5


@dataclass(frozen=True)
class Mark:
    """What is drawn and said for one economy. step: 1 (least) to 5, 0 hardly any, none: no data."""

    economy: str
    label: str
    href: str
    step: int | None
    chosen: bool


@dataclass(frozen=True)
class MapFigure:
    """Everything that the template draws."""

    title: str
    shapes: Shapes
    marks: Mapping[str, Mark]
    legend: list[tuple[str, str]]
    credit: str
    disclaimer: str


def map_figure(
    root: Path, rows: Mapping[str, dict[str, Any]], code: str, year: int, chosen: str
) -> MapFigure:
    """rows: headline rows by economy. root: the workspace, which may bring its own boundaries.

    A trade partner outside the region is drawn only where the boundaries hold its outline.
    """
    bounds = boundaries(root)
    outlined = {outline.economy for outline in bounds.outlines}
    places = [e for e in economies() if e.in_region or e.code in outlined]
    least = quantity(code).least
    breaks = breaks_below(max((rows[e.code]["p50"] for e in places if e.code in rows), default=0.0), least)
    marks = {
        place.code: Mark(
            place.code,
            _label(place.name, rows.get(place.code), code),
            f"/?economy={place.code}&year={year}&quantity={code}",
            step_of(rows[place.code]["p50"], breaks, least) if place.code in rows else None,
            place.code == chosen,
        )
        for place in places
    }
    drawn = shapes(bounds, tuple(places))
    return MapFigure(
        _title(code, year), drawn, marks, _legend(breaks, marks), credit_words(bounds), disclaimer()
    )


def breaks_below(largest: float, least: float) -> list[float]:
    """Four limits, each ten times the one before, the last below the largest value; none if that is nought.

    Economies differ by five orders of magnitude: a shade for each keeps both China and Niue readable.
    """
    if largest < least:
        return []
    top = math.floor(math.log10(largest))
    return [10.0 ** (top - STEPS + 2 + n) for n in range(STEPS - 1)]


def step_of(value: float, breaks: list[float], least: float) -> int:
    """The group of a value, 1 to 5; 0 if there is hardly any."""
    return 0 if value < least else 1 + sum(value >= limit for limit in breaks)


def _title(code: str, year: int) -> str:
    words = quantity(code)
    if words.is_material:
        said = {"year": year, "material": words.label.lower()}
        return _("How many tonnes of %(material)s are in the EV batteries that retire in %(year)s?") % said
    if code == BATTERIES:
        return _("Where do most EV batteries reach the end of their first life in %(year)s?") % {"year": year}
    said = {"year": year, "unit": words.short}
    return _("How many %(unit)s of EV batteries reach the end of their first life in %(year)s?") % said


def _label(name: str, row: Mapping[str, Any] | None, code: str) -> str:
    if row is None:
        return _("%(place)s: no figure") % {"place": name}
    words = quantity(code)
    amount = words.amount(row["p50"]) if row["p90"] >= words.least else _("hardly any")
    return _("%(place)s: about %(amount)s, grade %(grade)s") % {
        "place": name,
        "amount": amount,
        "grade": row["grade"],
    }


def _legend(breaks: list[float], marks: Mapping[str, Mark]) -> list[tuple[str, str]]:
    """Each shade with its limits, those without a place on this map too: the scale is the same for all."""
    steps = {mark.step for mark in marks.values()}
    entries = [("step-0", _("hardly any"))] if 0 in steps else []
    if breaks:
        limits = [plain(limit) for limit in breaks]
        entries.append(("step-1", _("under %(limit)s") % {"limit": limits[0]}))
        for step, (low, high) in enumerate(pairwise(limits), start=2):
            entries.append((f"step-{step}", _("%(low)s to %(high)s") % {"low": low, "high": high}))
        entries.append((f"step-{STEPS}", _("%(limit)s and more") % {"limit": limits[-1]}))
    return [*entries, ("none", _("no figure"))] if None in steps else entries


def credit_words(bounds: Boundaries) -> str:
    """Whose boundaries are drawn."""
    if bounds.credit == NATURAL_EARTH:
        return _("Boundaries: Natural Earth, public domain.")
    return _("Boundaries: %(credit)s.") % {"credit": bounds.credit}


def disclaimer() -> str:
    """What the United Nations ask to be said beside a map."""
    return _(
        "The boundaries and names shown and the designations used on this map do not imply official "
        "endorsement or acceptance by the United Nations."
    )
