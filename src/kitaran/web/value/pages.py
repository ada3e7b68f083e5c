"""What is this battery worth? One battery, vehicle or lot of black mass, where it stands, on a day."""

from __future__ import annotations

from dataclasses import asdict
from functools import lru_cache
from typing import Any

from fastapi import Request

from kitaran.foundation.errors import Fault, InputError
from kitaran.reference import economies, read
from kitaran.web.entries import Entry
from kitaran.web.errors import wants_json
from kitaran.web.figures import figure
from kitaran.web.form_faults import Wrong
from kitaran.web.language import gettext as _
from kitaran.web.lifetime.words import duty_words
from kitaran.web.pages import Page, Pages
from kitaran.web.value import tables as value_tables
from kitaran.web.value import words as value_words
from kitaran.web.value.choice import BLACK_MASS, OWN_FIELDS, Asked, ValueChoice, asked_of, choice_of
from kitaran.web.vocabulary import chemistry, vehicle_classes

pages = Pages()
HERE = "/plan/value"
DIGITS = 2


@pages.page(HERE, "value/value.html")
def value_page(request: Request) -> Page:
    """The answer to the choice in the address; what is wrong with it stands beside the form."""
    choice = choice_of(request.query_params)
    asked, worth, wrong = asked_of(choice, request.app.state.workspace.overrides)
    if asked is None or worth is None:
        return _refused(request, choice, wrong)
    facts = _facts(asked)
    return Page(facts, _shown(choice, facts) | _frame(choice))


@lru_cache(maxsize=64)
def _facts(asked: Asked) -> dict[str, Any]:
    """The whole content as plain data; kept for the next reader."""
    from kitaran.planning.market import valuation

    return valuation.as_dict(asked.valuation())


def _refused(request: Request, choice: ValueChoice, wrong: list[Wrong]) -> Page:
    """The form with what is wrong beside its fields; for programs, the problem."""
    if wants_json(request):
        faults = [Fault(each.place, each.cause, each.remedy) for each in wrong]
        raise InputError(faults[0].cause, faults=faults)
    shown = _frame(choice) | {"faults": [asdict(each) for each in wrong]}
    return Page({}, shown, status=422, template="value/refused.html")


def _shown(choice: ValueChoice, facts: dict[str, Any]) -> dict[str, Any]:
    """Words and tables of the page."""
    told = value_words.reasons()
    barred = "reuse" not in facts["routes_usd"]
    return {
        "asked_words": _asked_words(choice),
        "answer": _answer(facts),
        "because": value_words.because(facts["driver"], facts["route"], barred),
        "notes": [told[code] for code in facts["reasons"] if code != "test_pays"],
        "test": _test(facts),
        "sums": value_tables.sum_table(facts),
        "ways": value_tables.ways_table(facts),
        "swings": value_tables.swings_table(facts),
        "rests_on": value_tables.figures_table(facts),
        "rate": _rate(facts),
        "per": _per(facts),
    }


def _asked_words(choice: ValueChoice) -> list[tuple[str, bool]]:
    """The question in short; whether a part is a name."""
    names = {economy.code: economy.name for economy in economies()}
    size = f"{choice.kg} kg" if choice.form == BLACK_MASS else f"{choice.kwh} kWh"
    words = [
        (value_words.forms()[choice.form], False),
        (chemistry(choice.chem), True),
        (size, True),
        (names[choice.place], True),
    ]
    if choice.form == BLACK_MASS:
        return words
    health = _("health %(soh)s %%, within %(within)s") % {"soh": choice.soh, "within": choice.within or "0"}
    words.append((health if choice.soh else _("not tested"), False))
    if choice.condition == "damaged":
        words.append((_("damaged"), False))
    return words


def _answer(facts: dict[str, Any]) -> dict[str, str]:
    """The value and its range, as amounts without their sign, and which sentence they need."""
    local = facts["local"]
    low, middle, high = (facts[f"{name}_usd"] for name in ("p10", "value", "p90"))

    def amount(usd: float) -> str:
        return value_tables.money(abs(usd), local, DIGITS)

    kind = "costs" if high <= 0 else "worth" if low >= 0 else "either"
    return {
        "kind": kind,
        "sign": "costs" if middle < 0 else "worth",
        "middle": amount(middle),
        "low": amount(low),
        "high": amount(high),
        "usd": ""
        if local is None or local["currency"] == "USD"
        else f"{figure(abs(middle), DIGITS)}\u00a0USD",
    }


def _test(facts: dict[str, Any]) -> dict[str, Any] | None:
    """What a test would be worth, where none was done and one could help."""
    if not facts["test_cost_usd"]:
        return None
    gain, cost = facts["test_gain_usd"], facts["test_cost_usd"]
    return {
        "pays": gain > cost,
        "gain": value_tables.money(gain, facts["local"], DIGITS),
        "cost": value_tables.money(cost, facts["local"], DIGITS),
    }


def _rate(facts: dict[str, Any]) -> dict[str, str] | None:
    local = facts["local"]
    if local is None or not local["row"]:
        return None
    return {
        "words": f"1 USD = {figure(local['per_usd'], 4)} {local['currency']}",
        "href": f"/data/{local['row']}",
    }


def _per(facts: dict[str, Any]) -> str:
    """The value by the unit in which the trade speaks."""
    per_kwh, per_kg = facts["usd_per_kwh"], facts["usd_per_kg"]
    if facts["asked"]["form"] == "vehicle":
        return ""
    if per_kwh is None:
        return f"{figure(per_kg)} USD/kg"
    return f"{figure(per_kwh)} USD/kWh"


def _frame(choice: ValueChoice) -> dict[str, Any]:
    """What every form of the page has."""
    names = sorted((economy.name, economy.code) for economy in economies())
    known = read("composition").meta.columns["chemistry"].values
    return {
        "choice": choice,
        "form": {
            "forms": list(value_words.forms().items()),
            "chemistries": [(code, chemistry(code)) for code in known],
            "places": [(code, name) for name, code in names],
            "conditions": list(value_words.conditions().items()),
            "uses": [
                (row.text("application"), duty_words(row.text("application")))
                for row in read("value_applications")
            ],
            "vehicles": list(vehicle_classes().items()),
            "own": [
                (field, value_words.input_words(name), _unit(field), getattr(choice, field))
                for field, (name, _f) in OWN_FIELDS.items()
            ],
        },
        "crumbs": [(_("Plan"), "/plan")],
        "faults": [],
    }


def _unit(field: str) -> str:
    """Unit of an own entry, as the form takes it."""
    from kitaran.planning.market.valuation import OWN_NAMES

    name, factor = OWN_FIELDS[field]
    return OWN_NAMES[name].unit if factor == 1 else "%"


ENTRY = Entry(
    pages.router,
    HERE,
    label=lambda: _("Value"),
    order=13,
    paths=lambda _: [HERE],
)
