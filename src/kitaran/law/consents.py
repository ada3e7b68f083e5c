"""Written consents: is one held for this load on this day, and if not, why not.

A consent is good while it has not run out and covers the mass of the load, as far as the case gives them
(`permits.other.consent_KR: {held, issued, valid_to, quantity_kg}`). Where only the day of issue is given, it
runs for the longest time that the procedure allows, a row of the table of deadlines.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from math import inf
from typing import TYPE_CHECKING, Any

from kitaran.law.records import Cited

if TYPE_CHECKING:
    from kitaran.law.situation import Situation

PREFIX = "consent_"
LICENCE = "import_licence_"
_GENERAL, _PRECONSENTED = "DL-03", "DL-11"
_MONTHS = {"months": 1, "month": 1, "year": 12, "years": 12}


@dataclass(frozen=True, slots=True)
class Consent:
    """Is the consent of a State held and good for this load? `why` tells why one that was given is not."""

    held: bool
    why: str = ""
    clock: str = _GENERAL


def consent_of(situation: Situation, cc: str) -> Consent:
    """The consent of a State, as far as the case tells. What is not known of it is not taken as good."""
    told = situation.facts.get("consents", {}).get(cc)
    paper = situation.facts.get("permits", {}).get(f"{PREFIX}{cc}", {})
    if told is False or paper.get("held") is False or not (told or paper.get("held")):
        return Consent(False)
    return _in_time(situation, paper) or _in_quantity(situation, paper) or Consent(True)


def licence_held(situation: Situation, cc: str) -> bool:
    """Is a national import licence known to be held, and good for this load on this day?"""
    paper = situation.facts.get("permits", {}).get(f"{LICENCE}{cc}", {})
    told = bool(situation.facts.get("licences", {}).get(cc)) or paper.get("held") is True
    if not told or paper.get("held") is False:
        return False
    in_time = (
        paper.get("issued", situation.as_of) <= situation.as_of <= paper.get("valid_to", situation.as_of)
    )
    return bool(in_time) and _in_quantity(situation, paper) is None


def _in_time(situation: Situation, paper: Mapping[str, Any]) -> Consent | None:
    as_of = situation.as_of
    if paper.get("issued", as_of) > as_of:
        return Consent(False, f"is dated {paper['issued']}, after departure")
    if "valid_to" in paper:
        return Consent(False, f"ran out on {paper['valid_to']}") if paper["valid_to"] < as_of else None
    if "issued" not in paper:
        return None
    clock = _PRECONSENTED if situation.facts.get("facility.preconsented") is True else _GENERAL
    last = months_after(paper["issued"], longest_months(situation, clock))
    return (
        Consent(False, f"was given on {paper['issued']} and ran out on {last}", clock)
        if last < as_of
        else None
    )


def _in_quantity(situation: Situation, paper: Mapping[str, Any]) -> Consent | None:
    limit = paper.get("quantity_kg")
    mass = situation.facts.get("load.mass_kg", situation.facts.get("item.mass_kg", inf))
    if limit is None:
        return None
    if mass == inf:
        return Consent(False, f"covers {limit:g} kg, and the mass of the load is not known")
    return Consent(False, f"covers {limit:g} kg, and the load weighs {mass:g} kg") if mass > limit else None


def longest_months(situation: Situation, clock: str) -> int:
    """The longest time for which a consent of this kind is good [months]."""
    row = situation.book.clock(clock)
    return int(row["value"]) * _MONTHS[row["unit"]]


def months_after(day: str, months: int) -> str:
    """The last day of a period of months: the same day of the month, or the last that there is."""
    start = date.fromisoformat(day)
    year, month = divmod(start.month - 1 + months, 12)
    for last in range(start.day, 27, -1):
        try:
            return date(start.year + year, month + 1, last).isoformat()
        except ValueError:
            continue
    return date(start.year + year, month + 1, start.day).isoformat()


def ground(situation: Situation, cc: str, consent: Consent) -> Cited:
    """Why a consent that was given does not count, as a row for the reasons."""
    row = situation.book.clock(consent.clock)
    return Cited(
        id=row["id"],
        text=f"The consent of {situation.book.country_name(cc)} {consent.why}",
        cite=row["cite"],
        source=row["source"],
        seen=row["seen"],
        confidence=row["confidence"],
    )
