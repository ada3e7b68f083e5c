"""The answer card of one battery, and the table of many."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kitaran.planning.market.valuation.currency import Rate
from kitaran.registry.triage.grading import NOT_LOOKED
from kitaran.web.figures import figure
from kitaran.web.language import gettext as _
from kitaran.web.triage import words

ROWS_SHOWN = 500
_ORDER = ("quarantine", "test", "recycle", "repurpose", "reuse")
_OWN_REMARKS = (
    2  # of the reasons of a battery that is graded by its health, these are told by the page itself
)


def card(answer: words.Answer, rate: Rate | None) -> dict[str, Any]:
    """What stands on the card of one battery."""
    verdict, letter = answer["safety"], answer["grade"]
    unsafe = letter == "quarantine"
    told = answer["reasons"][0:-2] if letter == "test" else answer["reasons"][_OWN_REMARKS:-1]
    return {
        "name": answer["id"],
        "title": words.safety_words(verdict),
        "says": words.safety_says(verdict),
        "tone": words.TONES[verdict],
        "unsafe": unsafe,
        "dangers": [words.danger_words()[sign] for sign in answer["signs"]],
        "instructions": words.instructions() if unsafe else [],
        "health": words.health_words(answer),
        "grade": words.grade_words(letter),
        "way": words.way_words(answer["route"]),
        "costs": (answer["value_usd"] or 0.0) < 0,
        "value": words.money(_size(answer["value_usd"]), rate),
        "usd": _usd(_size(answer["value_usd"]), rate),
        "reasons": list(words.reasons(answer)),
        "remarks": [] if unsafe else [line for line in told if line != NOT_LOOKED],
        "ways": None if unsafe or letter == "test" else _ways(answer, rate),
        "accounts": []
        if unsafe or letter == "test"
        else [_account(way, answer, rate) for way in _ordered(answer)],
        "untested": [] if unsafe else [words.untested_words()[name] for name in answer["not_tested"]],
    }


def _ordered(answer: words.Answer) -> list[words.Answer]:
    """The best way, then the others that are allowed by worth, then what is barred."""
    others = sorted(
        answer["alternatives"], key=lambda way: (not way["allowed"], -(way["value_usd"] or float("-inf")))
    )
    return [{**answer, "allowed": True}, *others]


def _account(way: words.Answer, answer: words.Answer, rate: Rate | None) -> dict[str, Any]:
    """One way in full. lines : label, text and whether the text is data"""
    recycled = way["route"].startswith("recycle")
    now, after, cost = (_both(way[name], rate) for name in ("value_usd", "after_work_usd", "cost_usd"))
    lines = [
        (_("Worth now"), now, True),
        (_("What is recovered fetches") if recycled else _("Worth after the work"), after, True),
        (_("The plant and the way there cost") if recycled else _("Work and way there cost"), cost, True),
        (_("Gives off"), _kilograms(way["emissions_kg"]), True),
        (_("Asks for"), words.barred_words(way, answer), False),
        (_("Chance that its health is below that"), words.risk_words(way), False),
        (_("Why it is only shown"), "" if way["may_be_best"] else _told_only(way), True),
        (_("In law"), words.law_words(way), False),
        (_("By the rules on record"), way["legal_note"] or "", True),
    ]
    return {
        "way": words.way_words(way["route"]),
        "allowed": way["allowed"],
        "lines": [line for line in lines if line[1]],
    }


def _told_only(way: words.Answer) -> str:
    """What the table of ways says of one that is never named the best."""
    return str(way["reason"]).partition(". ")[2] if way["allowed"] else str(way["reason"])


def _kilograms(amount: float | None) -> str:
    return "" if amount is None else f"{figure(amount, 2)}\u00a0kg CO2e"


def _size(usd: float | None) -> float | None:
    return None if usd is None else abs(usd)


def _usd(usd: float | None, rate: Rate | None) -> str:
    if usd is None or rate is None or rate.currency == "USD":
        return ""
    return f"{figure(usd, 2)}\u00a0USD"


def _both(usd: float | None, rate: Rate | None) -> str:
    """An amount in the currency of the place, with dollars beside it."""
    beside = _usd(usd, rate)
    return f"{words.money(usd, rate)} ({beside})" if beside else words.money(usd, rate)


def _ways(answer: words.Answer, rate: Rate | None) -> Any:
    columns = [
        {"key": "way", "label": _("Way"), "heading": True},
        {"key": "value", "label": _("Worth about"), "number": True},
        {"key": "years", "label": _("Years it lasts"), "number": True},
        {"key": "allowed", "label": _("Open to it?")},
    ]
    best, *others = _ordered(answer)
    rows = [
        {
            "way": words.way_words(way["route"]),
            "value": {"text": words.money(way["value_usd"], rate), "raw": True} if way["value_usd"] else "",
            "years": words.years_words(way),
            "allowed": words.open_words(way),
            "mark": "chosen" if way is best else "",
        }
        for way in (best, *others)
    ]
    return columns, rows


def many(found: Sequence[words.Answer], rate: Rate | None) -> dict[str, Any]:
    """Counts by grade, and a row for each battery, the unsafe first."""
    counts = [
        (words.grade_words(letter), sum(each["grade"] == letter for each in found)) for letter in _ORDER
    ]
    columns = [
        {"key": "name", "label": _("Battery"), "heading": True},
        {"key": "safety", "label": _("Safe?")},
        {"key": "health", "label": _("Health")},
        {"key": "way", "label": _("Best way")},
        {"key": "value", "label": _("Worth about"), "number": True},
    ]
    ordered = sorted(found, key=lambda each: _ORDER.index(each["grade"]))
    rows = [_row(each, rate) for each in ordered[:ROWS_SHOWN]]
    return {
        "count": len(found),
        "unsafe": sum(each["grade"] == "quarantine" for each in found),
        "unseen": any(each["safety"] == "not_inspected" for each in found),
        "counts": [(label, str(count)) for label, count in counts if count],
        "worth": words.money(sum(each["value_usd"] or 0.0 for each in found), rate),
        "table": (columns, rows),
        "left": max(0, len(found) - ROWS_SHOWN),
    }


def _row(answer: words.Answer, rate: Rate | None) -> dict[str, Any]:
    unsafe = answer["grade"] == "quarantine"
    return {
        "name": {"text": answer["id"], "raw": True},
        "safety": words.safety_words(answer["safety"]),
        "health": "" if answer["soh"] is None else words.health_words(answer),
        "way": words.way_words(answer["route"]),
        "value": {"text": words.money(answer["value_usd"], rate), "raw": True}
        if answer["value_usd"] is not None
        else "",
        "mark": "flagged" if unsafe else "",
    }
