"""Tables of the value page: the sum, the other ways to sell, what moves the value, what it rests on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote

from kitaran.web.figures import figure, span
from kitaran.web.language import gettext as _
from kitaran.web.value.words import input_words, terms, ways

Table = tuple[list[dict[str, Any]], list[dict[str, Any]]]
DIGITS = 3
TIMES = "\u00a0× "
# Term -> names of the figure that weighs most in it; the first that was read is told
WEIGHS_MOST = {
    "body": ("new_price", "new_vehicle_usd"),
    "battery": ("new_pack",),
    "throughput": ("new_pack", "new_pack_usd_per_kwh"),
    "metals": ("recycler_pays_usd_per_kg", "fee/payable_li_lfp", "fee", "scrap_lead_acid"),
    "rejects": ("recycler_pays_usd_per_kg", "fee"),
    "body_scrap": ("body_scrap_usd_per_kg",),
    "test": ("repurposing/hours_module_test",),
    "opening": ("repurposing/hours_open_bolted",),
    "rebuild": ("work_usd_per_kwh", "repurposing/parts_usd_per_kwh"),
    "equipment": ("repurposing/test_capital_usd",),
    "warranty": ("warranty_reserve",),
    "fire": ("fire_reserve_usd_per_kwh",),
    "market_limit": ("used_pack_usd_per_kwh", "used_pack"),
    "removal": ("repurposing/hours_removal",),
    "reconditioning": ("reconditioning_share",),
    "transport": ("collection/packaging_damaged_usd_per_kg", "distance_km", "road_freight_usd_per_t_km"),
}


def money(usd: float | None, local: Mapping[str, Any] | None, digits: int = DIGITS) -> str:
    """An amount in local currency if there is a rate, else in dollars; always with its code."""
    if usd is None:
        return ""
    if local is None:
        return f"{figure(usd, digits)}\u00a0USD"
    return f"{figure(usd * local['per_usd'], digits)}\u00a0{local['currency']}"


def sum_table(facts: Mapping[str, Any]) -> Table:
    """Each term of the best way to sell, how it is made, in dollars and local currency."""
    local = facts["local"]
    columns: list[dict[str, Any]] = [
        {"key": "what", "label": _("Term"), "heading": True},
        {"key": "made", "label": _("Made of")},
        *_money_columns(local),
        {"key": "row", "label": _("Weighs most")},
        {"key": "of", "label": _("Of")},
        {"key": "grade", "label": _("Grade")},
    ]
    rows = [
        {
            "what": words,
            "made": {"text": _made_of(name, facts), "raw": True},
            **_amounts(facts["terms_usd"][name], local),
            **_weighs_most(name, facts),
        }
        for name, words in terms().items()
        if abs(facts["terms_usd"].get(name, 0.0)) > 0
    ]
    nothing = {"made": " ", "row": " ", "of": " ", "grade": " "}
    rows.append({"what": _("Value"), **nothing, **_amounts(facts["value_usd"], local), "mark": "total"})
    return columns, rows


def _weighs_most(term: str, facts: Mapping[str, Any]) -> dict[str, Any]:
    """The figure that weighs most in a term, leading to its row, with its day and grade."""
    of_vehicle = term == "market_limit" and facts["route"] == "drive_on"
    names = ("depreciation",) if of_vehicle else WEIGHS_MOST.get(term, ())
    for wanted in names:
        for each in facts["figures"]:
            name = each["name"]
            if name.partition("/")[0] == wanted or ("/" in wanted and name.startswith(wanted)):
                link = _origin(each)
                words = input_words(name)
                return {
                    "row": words if isinstance(link, str) else {**link, "text": words},
                    "of": {"text": each["date"] or " ", "raw": True},
                    "grade": {"text": each["grade"] or " ", "raw": True},
                }
    return {"row": " ", "of": " ", "grade": " "}


def _money_columns(local: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    shown = [("usd", "USD")] + (
        [] if local is None or local["currency"] == "USD" else [("local", local["currency"])]
    )
    return [{"key": key, "label": _("in %(code)s") % {"code": code}, "number": True} for key, code in shown]


def _amounts(usd: float, local: Mapping[str, Any] | None) -> dict[str, Any]:
    found = {"usd": figure(usd)}
    if local is not None and local["currency"] != "USD":
        found["local"] = figure(usd * local["per_usd"])
    return found


def _made_of(name: str, facts: Mapping[str, Any]) -> str:
    """The numbers behind a term; a blank where it is one sum of many."""
    factors, asked = facts["factors"], facts["asked"]
    kwh = f"{figure(asked['kwh'])} kWh" if asked["kwh"] else ""
    makers: dict[str, Callable[[], str]] = {
        "throughput": lambda: TIMES.join(
            [
                kwh,
                f"{figure(factors['new_usd_per_kwh'])} USD/kWh",
                f"H {figure(factors['health_factor'])}",
                f"(1 − d {figure(factors['trust_discount'])})",
                f"a {figure(factors['accepted'])}",
            ]
        ),
        "rejects": lambda: f"(1 − a {figure(factors['accepted'])}){TIMES}m",
        "metals": lambda: _metals(facts, kwh),
        "transport": lambda: _transport(facts),
        "market_limit": lambda: _limit(facts, kwh),
        "battery": lambda: f"{kwh}{TIMES}H {figure(factors['vehicle_health_factor'])}",
    }
    return makers.get(name, lambda: " ")()


def _metals(facts: Mapping[str, Any], kwh: str) -> str:
    factors, asked = facts["factors"], facts["asked"]
    if "metals_usd_per_kg" in factors:
        return f"{figure(asked['mass_kg'])} kg{TIMES}{figure(factors['metals_usd_per_kg'])} USD/kg"
    return f"{kwh}{TIMES}{figure(factors['metals_usd_per_kwh'])} USD/kWh"


def _transport(facts: Mapping[str, Any]) -> str:
    factors, asked = facts["factors"], facts["asked"]
    way = "workshop" if facts["route"] == "reuse" else "recycler"
    mass = asked["mass_kg"] or (asked["kwh"] or 0.0) * factors.get("kg_per_kwh", 0.0)
    return f"{figure(mass)} kg{TIMES}{figure(factors[f'haulage_to_{way}_usd_per_kg'])} USD/kg"


def _limit(facts: Mapping[str, Any], kwh: str) -> str:
    factors = facts["factors"]
    if facts["route"] == "drive_on":
        return f"{figure(factors['vehicle_market_usd'])} USD"
    return f"{kwh}{TIMES}{figure(factors['used_usd_per_kwh'])} USD/kWh"


def ways_table(facts: Mapping[str, Any]) -> Table:
    """Every way to sell that is open, the best first."""
    local = facts["local"]
    columns = [{"key": "what", "label": _("Way to sell"), "heading": True}, *_money_columns(local)]
    best = sorted(facts["routes_usd"].items(), key=lambda item: -item[1])
    rows: list[dict[str, Any]] = [
        {"what": ways()[name], **_amounts(usd, local), "mark": "chosen" if name == facts["route"] else ""}
        for name, usd in best
    ]
    if facts["route"] == "reuse":
        rows.append(
            {"what": _("After the work, at the workshop"), **_amounts(facts["after_work_usd"], local)}
        )
    return columns, rows


def swings_table(facts: Mapping[str, Any]) -> Table:
    """Inputs that move the value most, each alone between the ends that hold it 8 times in 10."""
    local = facts["local"]
    code = "USD" if local is None else local["currency"]
    factor = 1.0 if local is None else local["per_usd"]
    columns = [
        {"key": "what", "label": _("Input, alone"), "heading": True},
        {"key": "ends", "label": _("From – to"), "number": True},
        {"key": "low", "label": _("Value then, %(code)s") % {"code": code}, "number": True},
        {"key": "high", "label": _("to, %(code)s") % {"code": code}, "number": True},
    ]
    rows = [
        {
            "what": input_words(each["name"]),
            "ends": {"text": span(each["low"], each["high"]), "raw": True},
            "low": figure(each["at_low_usd"] * factor),
            "high": figure(each["at_high_usd"] * factor),
        }
        for each in facts["swings"]
    ]
    return columns, rows


def figures_table(facts: Mapping[str, Any]) -> Table:
    """Every figure with its range, day and grade, leading to its row."""
    columns: list[dict[str, Any]] = [
        {"key": "what", "label": _("Figure"), "heading": True},
        {"key": "value", "label": _("Value"), "number": True},
        {"key": "range", "label": _("Range"), "number": True},
        {"key": "unit", "label": _("Unit")},
        {"key": "date", "label": _("Of")},
        {"key": "grade", "label": _("Grade")},
        {"key": "from", "label": _("From")},
    ]
    rows = [
        {
            "what": input_words(each["name"]),
            "value": figure(each["value"]),
            "range": span(each["low"], each["high"]) if each["low"] < each["high"] else "",
            "unit": {"text": each["unit"], "raw": True},
            "date": {"text": each["date"], "raw": True} if each["date"] else "",
            "grade": {"text": each["grade"], "raw": True} if each["grade"] else "",
            "from": _origin(each),
            "mark": "" if each["row"] else "own",
        }
        for each in facts["figures"]
    ]
    return columns, rows


def _origin(each: Mapping[str, Any]) -> Any:
    if not each["row"]:
        return _("your own entry")
    words = _("stands in") if each["proxy_for"] else _("its row")
    table, _slash, row = each["row"].partition("/")
    return {"text": words, "href": f"/data/{table}/{quote(row, safe='@')}", "name": ""}
