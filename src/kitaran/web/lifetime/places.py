"""The same battery and duty in every capital: on the map, in a table, as a file."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kitaran.reference import economies
from kitaran.web.boundaries import boundaries
from kitaran.web.language import gettext as _
from kitaran.web.lifetime.choice import LifeChoice
from kitaran.web.lifetime.words import percent, tenths, years_words
from kitaran.web.maps.figure import STEPS, MapFigure, Mark, credit_words, disclaimer
from kitaran.web.maps.shapes import shapes

if TYPE_CHECKING:
    from kitaran.planning.lifetime import Outlook

NICE = (0.01, 0.02, 0.05, 0.1, 0.2)
Row = dict[str, Any]


def place_rows(of: Outlook) -> list[Row]:
    """Each capital with the capacity left at the horizon, years to the threshold and range, worst first."""
    names = {economy.code: economy.name for economy in economies()}
    rows = [
        {
            "economy": life.place.economy,
            "name": names[life.place.economy],
            "place": life.place.place,
            "soh": life.soh,
            "years": life.years if math.isfinite(life.years) else None,
            "outside": life.outside,
            "grade": life.place.grade,
        }
        for life in of.places
    ]
    return sorted(rows, key=lambda row: (row["soh"], row["name"]))


def places_csv(of: Outlook) -> str:
    """The rows as CSV, unrounded; years beyond the horizon are empty."""
    text = io.StringIO()
    rows = place_rows(of)
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def columns(of: Outlook) -> list[dict[str, Any]]:
    """The columns of the table."""
    said = {"years": of.question.years, "share": percent(of.threshold)}
    return [
        {"key": "place", "label": _("Capital"), "heading": True},
        {"key": "soh", "label": _("Capacity left after %(years)s years") % said, "number": True},
        {"key": "years", "label": _("Years to %(share)s") % said, "number": True},
        {"key": "outside", "label": _("Time outside the tested range"), "number": True},
        {"key": "grade", "label": _("Grade of the climate")},
    ]


def cells(rows: list[Row], choice: LifeChoice, horizon: int) -> list[dict[str, Any]]:
    """The rows as they are shown; each place leads to its own outlook."""
    return [
        {
            "place": {
                "text": f"{row['place']}, {row['name']}",
                "href": choice.address(city=f"{row['economy']}/{row['place']}"),
                "raw": True,
            },
            "soh": tenths(row["soh"]),
            "years": years_words(math.inf if row["years"] is None else row["years"], horizon),
            "outside": percent(row["outside"]),
            "grade": row["grade"],
            "mark": "chosen" if f"{row['economy']}/{row['place']}" == choice.city else "",
        }
        for row in rows
    ]


def life_map(root: Path, rows: list[Row], choice: LifeChoice, horizon: int) -> MapFigure:
    """The map of capacity left: the darker, the more is lost. root: the workspace, for its own boundaries."""
    bounds = boundaries(root)
    outlined = {outline.economy for outline in bounds.outlines}
    shown = [e for e in economies() if e.in_region or e.code in outlined]
    of = {row["economy"]: row for row in rows}
    limits = limits_of([row["soh"] for row in rows])
    chosen = choice.city.partition("/")[0]
    marks = {
        place.code: Mark(
            place.code,
            _label(place.name, of.get(place.code), horizon),
            choice.address(city=place.code),
            None if place.code not in of else step_of(of[place.code]["soh"], limits),
            place.code == chosen,
        )
        for place in shown
    }
    title = _("How much capacity does the same battery keep in each capital?")
    return MapFigure(
        title, shapes(bounds, tuple(shown)), marks, _legend(limits, marks), credit_words(bounds), disclaimer()
    )


def limits_of(values: list[float]) -> list[float]:
    """Four round limits of state of health from the highest down: up to five groups of values."""
    high, low = max(values), min(values)
    step = next((each for each in NICE if high - low <= STEPS * each), NICE[-1])
    top = math.floor(high / step) * step
    return [round(top - n * step, 4) for n in range(STEPS - 1)]


def step_of(soh: float, limits: list[float]) -> int:
    """The group of a value: 1 keeps most, 5 least."""
    return 1 + sum(soh < limit for limit in limits)


def _label(name: str, row: Row | None, horizon: int) -> str:
    if row is None:
        return _("%(place)s: no climate in the tables") % {"place": name}
    said = {"place": name, "city": row["place"], "soh": tenths(row["soh"]), "years": horizon}
    return _("%(place)s (%(city)s): %(soh)s left after %(years)s years") % said


def _legend(limits: list[float], marks: Mapping[str, Mark]) -> list[tuple[str, str]]:
    """Only the shades that are on the map, each with its limits."""
    texts = {1: _("%(limit)s and more") % {"limit": percent(limits[0])}}
    for step, (high, low) in enumerate(pairwise(limits), start=2):
        texts[step] = _("%(low)s to %(high)s") % {"low": percent(low), "high": percent(high)}
    texts[STEPS] = _("under %(limit)s") % {"limit": percent(limits[-1])}
    steps = {mark.step for mark in marks.values()}
    found = [(f"step-{step}", text) for step, text in texts.items() if step in steps]
    return [*found, ("none", _("no figure"))] if None in steps else found
