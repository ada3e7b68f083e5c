"""The rows of the law's tables: rule, measure, status, agreement, authority, source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from kitaran.law.conditions import Condition

SEEN = ("primary", "secondary", "not_seen")
CONFIDENCE = ("high", "medium", "low")
FIRST_DAY, LAST_DAY = "0001-01-01", "9999-12-31"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated:
    """In force from day to day (inclusive), and known to this table from day to day: bitemporal.

    Days are ISO 8601 text, so that they compare as they sort.
    """

    id: str
    valid_from: str = FIRST_DAY
    valid_to: str = LAST_DAY
    known_from: str = FIRST_DAY
    known_to: str = LAST_DAY

    def holds(self, as_of: str, known_on: str) -> bool:
        return self.valid_from <= as_of <= self.valid_to and self.known_from <= known_on <= self.known_to


@dataclass(frozen=True, slots=True, kw_only=True)
class Cited(Dated):
    """A statement of law in own words, where it stands, how it was seen and how sure it is."""

    text: str = ""
    cite: str
    source: str
    seen: str
    confidence: str

    @property
    def weak(self) -> bool:
        """Too weak to permit anything: of low confidence, or not seen at all."""
        return self.confidence == "low" or self.seen == "not_seen"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule(Cited):
    """One rule of one stage: when it holds, what follows, and what to ask where it leads to a question.

    goods : UN numbers of which one must have been found before the rule is looked at; empty means any
    """

    stage: str
    priority: int
    condition: Condition
    names: frozenset[str]
    then: Mapping[str, Any]
    step: str = ""
    jurisdiction: str = ""
    proofs: tuple[str, ...] = ()
    goods: frozenset[str] = frozenset()
    shown_by: str = ""
    unknown_is_no: bool = False
    question: str = ""
    asks: Mapping[str, str] = field(default_factory=dict)
    settles: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure(Cited):
    """What one State does at its border: a bar, a bar of open reach, a permit, or a note to ask about.

    applies_to : classes of the item: hazardous, other_waste, used
    kinds, groups, purposes : empty means any
    when       : names of derived facts that must all be true, parted by |, or empty; `needs` are its parts
    cleared_by : what settles an open bar: consent, licence, position, permit:ID
    """

    cc: str
    role: str
    applies_to: frozenset[str]
    kinds: frozenset[str]
    groups: frozenset[str]
    purposes: frozenset[str]
    when: str
    needs: tuple[str, ...]
    effect: str
    permit: str
    days: int | None
    cleared_by: tuple[str, ...]
    question: str
    authority: str
    settles: str
    own: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Status(Cited):
    """A dated fact of a State: treaty membership, what it counts as waste or hazardous."""

    cc: str
    field: str
    value: str
    own: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement(Cited):
    """An agreement under Article 11 for waste from one State to another."""

    exporter: str
    importer: str


@dataclass(frozen=True, slots=True)
class Authority:
    """A body to ask, with the address as it was seen; many are old and to be confirmed."""

    cc: str
    short: str
    body: str
    role: str
    contact: str
    source: str


@dataclass(frozen=True, slots=True)
class Source:
    """Where a statement was read."""

    source: str
    title: str
    place: str
    publisher: str
    seen: str
    note: str
