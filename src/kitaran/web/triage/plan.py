"""A plan of storage systems as tables: what stands in each, in which string, and what is left over."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kitaran.planning.market.valuation.currency import Rate
from kitaran.web.figures import figure
from kitaran.web.language import gettext as _
from kitaran.web.lifetime.words import percent
from kitaran.web.triage.words import money

_NAMES_SHOWN = 40
_SYSTEMS_IN_FULL = 8


def shown(plan: Mapping[str, Any], rate: Rate | None) -> dict[str, Any]:
    """What the page has of a plan beside its facts."""
    systems = plan["systems"]
    built = sum(each["count"] for each in systems)
    worth = [each["value_usd"] for each in systems if each["value_usd"] is not None]
    singly = [each["singly_usd"] for each in systems if each["singly_usd"] is not None]
    listed = [_system(each, rate) for each in systems]
    return {
        "listed": listed,
        "overview": _table(listed) if len(listed) > _SYSTEMS_IN_FULL else None,
        "singly": money(sum(singly), rate) if singly and sum(singly) > sum(worth) else "",
        "left": _left(plan["left_over"]),
        "built": built,
        "usable": figure(plan["usable_kwh"] or 0.0, 3),
        "worth": money(sum(worth), rate) if worth else "",
    }


def _table(listed: list[dict[str, Any]]) -> Any:
    """Many systems, one a line."""
    columns = [
        {"key": "system", "label": _("System"), "heading": True},
        {"key": "names", "label": _("Batteries, string by string")},
        {"key": "usable", "label": _("Usable kWh"), "number": True},
        {"key": "value", "label": _("Worth about"), "number": True},
        {"key": "health", "label": _("Health, weakest to best")},
        {"key": "layout", "label": _("Built as")},
        {"key": "kind", "label": _("Of")},
    ]
    rows = [
        {
            "system": str(each["system"]),
            "usable": {"text": each["usable"], "raw": True},
            "value": {"text": each["value"], "raw": True},
            "health": each["health"],
            "layout": each["layout"],
            "kind": {"text": each["kind"], "raw": True},
            "names": {"text": "; ".join(", ".join(string) for string in each["strings"]), "raw": True},
        }
        for each in listed
    ]
    return columns, rows


def _system(each: Mapping[str, Any], rate: Rate | None) -> dict[str, Any]:
    better = (each["singly_usd"] or 0.0) > (each["value_usd"] or 0.0)
    length = len(each["strings"][0])
    kind = f"{each['chemistry']} {each['nominal_ah']:g} Ah, {each['nominal_v']:g} V"
    return {
        **each,
        "kind": kind,
        "layout": _("%(strings)s strings of %(length)s, %(volts)s V")
        % {"strings": len(each["strings"]), "length": length, "volts": f"{each['volts']:g}"},
        "usable": figure(each["usable_kwh"], 3),
        "health": _("%(low)s to %(high)s")
        % {"low": percent(each["soh_low"]), "high": percent(each["soh_low_best"])},
        "value": money(each["value_usd"], rate),
        "singly": money(each["singly_usd"], rate),
        "better_singly": better and each["value_usd"] is not None,
    }


def left_words() -> dict[str, str]:
    """Why a battery is left over, by the first words of the reason."""
    return {
        "It is not safe.": _("Not safe: set it apart."),
        "It was not inspected.": _("Nobody looked for signs of danger."),
        "Its health is not known.": _("Its health is not known: test it."),
        "It is below what a second use asks for.": _("Too worn for a second use."),
        "Its cells stand too far apart.": _("Its cells stand too far apart: balance it first."),
        "Its capacity or voltage is not known.": _("Its capacity or voltage is not known."),
        "Its chemistry is not known.": _("Its chemistry is not known."),
        "The same battery, tested once more: its worst test counts.": _(
            "The same battery, tested once more: its worst test counts."
        ),
    }


def _left(left_over: list[dict[str, str]]) -> list[tuple[str, int, str, int]]:
    """Reason, how many, the first names, and how many more."""
    known = left_words()
    by_reason: dict[str, list[str]] = {}
    for each in left_over:
        by_reason.setdefault(_reason(each["reason"], known), []).append(each["id"])
    return [
        (reason, len(names), ", ".join(names[:_NAMES_SHOWN]), max(0, len(names) - _NAMES_SHOWN))
        for reason, names in by_reason.items()
    ]


def _reason(told: str, known: Mapping[str, str]) -> str:
    if told in known:
        return known[told]
    if told.startswith("Too few"):
        return _("Too few like it to fill a system.")
    return _("Its voltage fits no string of that voltage.")
