"""The tables of the plant page: places side by side, routes, products, figures with their grade."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from kitaran.web.figures import figure, span
from kitaran.web.language import gettext as _
from kitaran.web.plants.answer import AtPlace, one
from kitaran.web.plants.words import parameter, product, short_routes

Table = tuple[list[dict[str, Any]], list[dict[str, Any]]]


def side_by_side(places: Sequence[AtPlace], other_prices: str) -> Table:
    """One row a quantity, one column a place."""
    columns: list[dict[str, Any]] = [
        {"key": "what", "label": _("Per kg of feed, unless said"), "heading": True}
    ]
    columns += [{"key": at.code, "label": at.name, "number": True} for at in places]
    lines: dict[str, Callable[[AtPlace], Any]] = {
        _("Left over, USD"): lambda at: figure(one(at.now.margin_usd)),
        _("8 times in 10 between"): lambda at: span(at.margin_p10, at.margin_p90),
        _("Left over at prices of %(set)s, USD") % {"set": other_prices}: lambda at: figure(
            one(at.other_prices.margin_usd)
        ),
        _("Left over, local currency"): lambda at: _local(at),
        _("Left over if black mass is sold, USD"): lambda at: figure(at.black_mass_margin),
        _("Revenue, USD"): lambda at: figure(at.income),
        _("Pre-processing and recovery, USD"): lambda at: figure(one(at.now.cost_usd)),
        _("Transport and dangerous-goods packaging, USD"): lambda at: figure(one(at.now.transport.cost_usd)),
        _("Opening packs, USD"): lambda at: figure(one(at.now.disassembly.cost_usd)),
        _("Covers its cost from, tonnes a year"): lambda at: figure(at.break_even_t, 2) or _("never"),
        _("Capital to build, million USD"): lambda at: figure(at.capital / 1e6),
        _("Full-time workers"): lambda at: figure(at.jobs, 2),
        _("Greenhouse gases with transport, kg CO2e"): lambda at: figure(at.ghg_kg),
        _("Energy, MJ"): lambda at: figure(one(at.now.burdens.energy_mj)),
        _("Water, litres"): lambda at: figure(litres(one(at.now.burdens.water_gal))),
    }
    rows = [{"what": label, **{at.code: words(at) for at in places}} for label, words in lines.items()]
    return columns, rows


def _local(at: AtPlace) -> dict[str, Any] | str:
    """An amount with its currency's code, empty where no rate is known."""
    if at.margin_local is None:
        return ""
    amount, currency = at.margin_local
    return {"text": f"{figure(amount)} {currency}", "raw": True}


def litres(gallons: float) -> float:
    """Litres of gallons."""
    from kitaran.foundation.units import conversion

    return gallons * conversion("gal", "L")


def routes_table(at: AtPlace) -> Table:
    """The three routes at one place."""
    columns = [
        {"key": "route", "label": _("Route"), "heading": True},
        {"key": "margin", "label": _("Left over, USD/kg"), "number": True},
        {"key": "cost", "label": _("All cost, USD/kg"), "number": True},
        {"key": "revenue", "label": _("Revenue, USD/kg"), "number": True},
        {"key": "ghg", "label": _("kg CO2e/kg"), "number": True},
        {"key": "recovered", "label": _("Recovered, kg/kg"), "number": True},
    ]
    rows = [
        {
            "route": short_routes()[route],
            "margin": figure(one(each.margin_usd)),
            "cost": figure(one(each.cost_usd + each.transport.cost_usd + each.disassembly.cost_usd)),
            "revenue": figure(one(each.revenue_usd + each.disassembly.revenue_usd)),
            "ghg": figure(one(each.burdens.ghg_g + each.transport.burdens.ghg_g) / 1000),
            "recovered": figure(sum(one(kg) for kg in each.products.values())),
        }
        for route, each in at.routes.items()
    ]
    return columns, rows


def products_table(at: AtPlace) -> Table:
    """What comes out of a kg of feed, and what it is worth."""
    columns = [
        {"key": "product", "label": _("Product"), "heading": True},
        {"key": "kg", "label": _("kg per kg of feed"), "number": True},
        {"key": "tonnes", "label": _("Tonnes a year"), "number": True},
    ]
    tonnes = one(at.now.case.throughput_t)
    rows = [
        {"product": product(name), "kg": figure(one(kg)), "tonnes": figure(one(kg) * tonnes)}
        for name, kg in sorted(at.now.products.items(), key=lambda item: -one(item[1]))
        if one(kg) > 0
    ]
    return columns, rows


def place_table(at: AtPlace) -> Table:
    """The figures of a place with range and grade, each leading to its row."""
    columns: list[dict[str, Any]] = [
        {"key": "what", "label": _("Figure"), "heading": True},
        {"key": "value", "label": _("Value"), "number": True},
        {"key": "range", "label": _("Range"), "number": True},
        {"key": "unit", "label": _("Unit")},
        {"key": "grade", "label": _("Grade")},
        {"key": "from", "label": _("From")},
    ]
    rows: list[dict[str, Any]] = []
    for each in at.now.case.place_figures:
        table, _slash, row = each.row.partition("/")
        region = row.partition(".")[0]
        words = _("%(region)s stands in") % {"region": region} if each.proxy_for else _("its own figure")
        rows.append(
            {
                "what": parameter(each.parameter),
                "value": figure(each.value),
                "range": span(each.low, each.high) if each.low < each.high else "",
                "unit": {"text": each.unit, "raw": True},
                "grade": {"text": each.grade, "raw": True},
                "from": {"text": words, "href": f"/data/{table}/{row}", "name": ""},
            }
        )
    return columns, rows
