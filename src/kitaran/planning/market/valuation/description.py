"""One value as plain data: for commands, pages and files."""

from __future__ import annotations

from typing import Any

import numpy as np

from kitaran import reference
from kitaran.planning.market.valuation.currency import rate
from kitaran.planning.market.valuation.figures import Figure
from kitaran.planning.market.valuation.sensitivity import swings
from kitaran.planning.market.valuation.value import Valuation

MOST_SWINGS = 10


def as_dict(of: Valuation, index: int = 0) -> dict[str, Any]:
    """Everything about one battery of a valuation; numbers that there are not are null."""
    kind = of.lot.kinds[of.lot.group[index]]
    local = rate(kind.economy, of.book.as_of, of.book.overrides)
    money = {
        name: number(getattr(of, f"{name}_usd")[index]) for name in ("value", "p10", "p90", "after_work")
    }
    return {
        "asked": {
            **kind._asdict(),
            "kwh": number(of.lot.kwh[index]),
            "mass_kg": number(of.lot.mass_kg[index]),
            "soh": number(of.lot.soh[index]),
            "soh_low": number(of.lot.soh_low[index]),
            "soh_high": number(of.lot.soh_high[index]),
            "age": number(of.lot.age[index]),
            "as_of": of.book.as_of,
            "own": dict(of.book.own),
        },
        **{f"{name}_usd": amount for name, amount in money.items()},
        "usd_per_kwh": number(of.usd_per_kwh[index]),
        "usd_per_kg": number(of.usd_per_kg[index]),
        "local": None
        if local is None
        else {
            "currency": local.currency,
            "per_usd": local.per_usd,
            "row": local.row,
            **{name: None if amount is None else amount * local.per_usd for name, amount in money.items()},
        },
        "route": str(of.route[index]),
        "driver": str(of.driver[index]),
        "grade": str(of.grade[index]),
        "reasons": list(of.reasons[index]),
        "routes_usd": _numbers(of.routes_usd, index),
        "terms_usd": _numbers(of.terms_usd, index),
        "factors": _numbers(of.factors, index),
        "test_gain_usd": number(of.test_gain_usd[index]),
        "test_cost_usd": number(of.test_cost_usd[index]),
        "swings": [
            {
                "name": each.name,
                "low": each.low,
                "high": each.high,
                "at_low_usd": each.at_low_usd,
                "at_high_usd": each.at_high_usd,
            }
            for each in swings(of, index)[:MOST_SWINGS]
        ],
        "figures": [figure_as_dict(each) for each in of.figures[kind]],
        "sources": _sources(of, index),
    }


def figure_as_dict(of: Figure) -> dict[str, Any]:
    """A figure with its row, for a table of what a value rests on."""
    named = ("name", "value", "low", "high", "unit", "part", "grade", "row", "source", "date", "proxy_for")
    return {name: getattr(of, name) for name in (*named, "note")}


def number(value: Any) -> float | None:
    """A number, or none where there is none."""
    amount = float(value)
    return amount + 0.0 if np.isfinite(amount) else None


def _numbers(values: Any, index: int) -> dict[str, float]:
    """Those of one battery that there are."""
    found = {name: number(each[index]) for name, each in values.items()}
    return {name: amount for name, amount in found.items() if amount is not None}


def _sources(of: Valuation, index: int) -> list[dict[str, str]]:
    kind = of.lot.kinds[of.lot.group[index]]
    wanted = {each.source for each in of.figures[kind]}
    return [
        {name: row.text(name) for name in ("source", "title", "publisher", "url")}
        for row in reference.read("sources", of.book.overrides)
        if row.text("source") in wanted
    ]
