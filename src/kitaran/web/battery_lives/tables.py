"""Tables of what moved the headline, and of how long batteries last."""

from __future__ import annotations

from typing import Any

from kitaran.web.battery_lives.words import HORIZON, percent, years
from kitaran.web.choices import place_name
from kitaran.web.figures import DASH, figure
from kitaran.web.language import gettext as _
from kitaran.web.results import Rows
from kitaran.web.vocabulary import chemistry, use, vehicles


def class_columns(words_of_part: str) -> list[dict[str, Any]]:
    """Heads of the table of what moved."""
    return [
        {"key": "part", "label": words_of_part, "heading": True},
        {"key": "tables", "label": _("Median by lifetime tables"), "number": True},
        {"key": "engine", "label": _("Median by ageing models"), "number": True},
        {"key": "moved", "label": _("Change of the mean"), "number": True},
    ]


def class_rows(rows: Rows, column: str) -> list[dict[str, Any]]:
    """What moved, for the table."""
    named = vehicles if column == "vehicle_class" else place_name
    return [
        {
            "part": named(row[column]),
            "tables": figure(row["tables_p50"]),
            "engine": figure(row["engine_p50"]),
            "moved": signed(row["change_of_mean"]),
        }
        for row in rows
    ]


def signed(value: float) -> str:
    """A change with its sign."""
    if value == 0:
        return "0"
    return f"{'+' if value > 0 else '−'}{figure(abs(value))}"


def life_columns() -> list[dict[str, Any]]:
    """Heads of the table of lives."""
    return [
        {"key": "kind", "label": _("Vehicle, use and chemistry"), "heading": True},
        {"key": "wear", "label": _("Years until worn, here"), "number": True},
        {"key": "wear_band", "label": _("8 times in 10"), "number": True},
        {"key": "battery", "label": _("Years until worn, faulty or too old"), "number": True},
        {"key": "table", "label": _("Mean life by the table"), "number": True},
        {"key": "vehicle", "label": _("Years of the vehicle"), "number": True},
        {"key": "scrapped", "label": _("End with the vehicle"), "number": True},
        {"key": "by", "label": _("Told by")},
        {"key": "outside", "label": _("Time outside tested range"), "number": True},
    ]


def life_rows(rows: Rows) -> list[dict[str, Any]]:
    """Lives, for a table."""
    return [
        {
            "kind": f"{vehicles(row['vehicle_class'])}, {use(row['use'])}, {chemistry(row['chemistry'])}",
            "wear": years(row["threshold_years_p50"]),
            "wear_band": _band(row["threshold_years_p10"], row["threshold_years_p90"]),
            "battery": years(row["battery_years_p50"]),
            "table": figure(row["table_years"], 2),
            "vehicle": figure(row["vehicle_years"], 2),
            "scrapped": percent(row["ended_scrapped"]),
            "by": {"text": row["models"], "raw": True} if row["models"] else _("Lifetime table"),
            "outside": percent(row["outside_tested_range"]),
        }
        for row in rows
    ]


def _band(low: float | None, high: float | None) -> str:
    if low is None or high is None:
        return ""
    if high < HORIZON - 1e-6:
        return f"{figure(low, 2)} {DASH} {figure(high, 2)}"
    if low >= HORIZON - 1e-6:
        return _("over %(years)s") % {"years": HORIZON}
    return _("%(low)s or more") % {"low": figure(low, 2)}
