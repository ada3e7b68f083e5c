"""Batteries that no ageing model is fit for: their life as the table `lifetimes` tells it."""

from __future__ import annotations

from typing import Any

from kitaran.reference import economies, economy, read, region_chain
from kitaran.web import choices
from kitaran.web.figures import DASH, whole
from kitaran.web.language import gettext as _
from kitaran.web.vocabulary import vehicles

LEAD = "lead_acid"
Row = dict[str, Any]


def use_words(code: str) -> str:
    """A use of vehicles in words; an unknown one is told by its code."""
    words = {
        "private": _("private"),
        "delivery": _("delivery"),
        "ride_hailing": _("ride-hailing"),
        "taxi": _("taxi"),
        "transit": _("public transport"),
        "e_rickshaw": _("e\u2011rickshaw"),
        "freight": _("freight"),
    }
    return words.get(code, code.replace("_", " "))


def lifetime_rows(battery: str, vehicle_class: str, code: str) -> list[Row]:
    """Mean lives of batteries in a vehicle class, from the nearest region that has any; empty if none has."""
    battery_type = LEAD if battery == LEAD else "lithium"
    table = read("lifetimes").where(
        component="battery", battery_type=battery_type, vehicle_class=vehicle_class
    )
    for region in region_chain(code):
        rows = table.where(region=region)
        if len(rows):
            return [_row(row, region != code) for row in rows]
    return []


def _row(row: Any, proxy: bool) -> Row:
    return {
        "id": row.id,
        "region": row.text("region"),
        "vehicle_class": row.text("vehicle_class"),
        "use": row.text("use"),
        "mean_years": row.number("value"),
        "low": row.number("low"),
        "high": row.number("high"),
        "grade": row.text("grade"),
        "source": row.text("source"),
        "proxy": proxy,
    }


def columns() -> list[dict[str, Any]]:
    """The columns of the table."""
    return [
        {"key": "use", "label": _("Vehicles and use"), "heading": True},
        {"key": "years", "label": _("Mean life, years"), "number": True},
        {"key": "range", "label": _("Range"), "number": True},
        {"key": "region", "label": _("Figure of")},
        {"key": "grade", "label": _("Grade")},
        {"key": "row", "label": _("Source")},
    ]


def cells(rows: list[Row]) -> list[dict[str, Any]]:
    """The rows as they are shown, each with the way to its source."""
    return [
        {
            "use": f"{vehicles(row['vehicle_class'])}: {use_words(row['use'])}",
            "years": whole(row["mean_years"]),
            "range": f"{whole(row['low'])} {DASH} {whole(row['high'])}",
            "region": _region(row["region"]),
            "grade": row["grade"],
            "row": {
                "text": row["source"],
                "href": "/data/lifetimes/" + row["id"].partition("/")[2],
                "raw": True,
            },
        }
        for row in rows
    ]


def _region(code: str) -> str | dict[str, Any]:
    if code == "ALL":
        return _("all economies")
    if any(code == each.code for each in economies()):
        return {"text": economy(code).name, "raw": True, "href": ""}
    return choices.subregion_name(code)
