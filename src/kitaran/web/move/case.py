"""A movement case in an address: five questions under short names, every other fact under its own."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from kitaran.law import Case, read_case
from kitaran.law.interview import permit_in_order

SHORT = {
    "kind": "item.kind",
    "chemistry": "item.chemistry",
    "condition": "item.condition",
    "purpose": "purpose",
    "from": "route.export",
    "to": "route.import",
    "mode": "route.mode",
}
OVER = "over"
LEAVING = "leaving"
NO_TRANSIT = "none"
_NOT_ANSWERS = ("lang",)  # the reader's language may stand in any address
_WORDS = {"true": True, "false": False}
Answers = tuple[tuple[str, str], ...]


def answers_of(query: Iterable[tuple[str, str]]) -> Answers:
    """The answers of an address, empty ones left out."""
    return tuple((name, value) for name, value in query if value and name not in _NOT_ANSWERS)


def query_of(answers: Answers) -> str:
    """The address of some answers."""
    return urlencode(answers)


def case_of(answers: Answers, today: str) -> Case:
    """The case that the answers make. Raises InputError that names each wrong one."""
    leaving = dict(answers).get(LEAVING, today)
    facts: dict[str, Any] = {}
    for name, value in answers:
        if name not in (LEAVING, OVER):
            _put(facts, SHORT.get(name, name), value, leaving)
    over = [value for name, value in answers if name == OVER]
    if over:
        facts.setdefault("route", {})["transit"] = [cc for cc in over if cc != NO_TRANSIT]
    return read_case({"as_of": leaving, "facts": facts})


def address_of(case: Case) -> str:
    """The address of a case made of answers: the five questions and the proofs that are held."""
    facts = case.facts
    named = [(short, str(facts[name])) for short, name in SHORT.items() if name in facts]
    over = [(OVER, cc) for cc in facts.get("route.transit") or (NO_TRANSIT,)]
    held = [(name, "true") for name, value in facts.items() if name.startswith("evidence.") and value]
    return query_of((*named, *over, (LEAVING, case.as_of), *held))


def _put(facts: dict[str, Any], name: str, value: str, leaving: str) -> None:
    *groups, last = name.split(".")
    for group in groups:
        facts = facts.setdefault(group, {})
    if groups == ["permits"]:
        facts[last] = permit_in_order(last, leaving) if value == "true" else {"held": False}
    else:
        facts[last] = _read(value)


def _read(value: str) -> bool | float | str:
    if value in _WORDS:
        return _WORDS[value]
    try:
        return float(value)
    except ValueError:
        return value
