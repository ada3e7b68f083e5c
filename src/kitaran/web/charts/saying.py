"""What the charts of an economy say alike: address, source, unit of the axis, columns of a band."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kitaran.web.charts.chart import Column
from kitaran.web.choices import Choice
from kitaran.web.language import gettext as _
from kitaran.web.quantities import BATTERIES, Quantity
from kitaran.web.results import Results, Rows

Scale = tuple[float, str]


def address(choice: Choice) -> str:
    return f"/plan/{choice.economy}?year={choice.year}&quantity={choice.quantity}"


def source(results: Results) -> str:
    return _("Source: Kitaran forecast, run %(run)s.") % {"run": results.id}


def scale(largest: float, words: Quantity) -> Scale:
    """The factor and unit in which an axis is easy to read."""
    if words.code != BATTERIES:
        return 1.0, words.unit
    return scale_of_count(largest, _("million batteries a year"), _("thousand batteries a year"), words.unit)


def scale_of_count(largest: float, millions: str, thousands: str, ones: str) -> Scale:
    if largest >= 2e6:
        return 1e-6, millions
    return (1e-3, thousands) if largest >= 2e4 else (1.0, ones)


def scaled(rows: Iterable[dict[str, Any]], factor: float) -> Rows:
    return [{**row, **{p: row[p] * factor for p in ("p10", "p50", "p90")}} for row in rows]


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def band_columns() -> list[Column]:
    return [
        Column("p10", _("1 in 10 below"), True),
        Column("p50", _("Median"), True),
        Column("p90", _("9 in 10 below"), True),
        Column("basis", _("Basis")),
    ]
