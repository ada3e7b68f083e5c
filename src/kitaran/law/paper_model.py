"""A paper as data: parts with blocks, and entries with their value, state and the facts they come from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from kitaran.law.decision import NOT_A_DETERMINATION

PREPARED = "Prepared with Kitaran; not a determination by a competent authority."
FILLED, PARTLY, TO_FILL, BY_OTHERS = "filled", "filled in part", "to fill", "left to others"


@dataclass(frozen=True, slots=True)
class Block:
    """What a block asks. width and lines say how it is printed."""

    block: str
    title: str
    asks: str
    completed_by: str
    width: str
    lines: int
    cite: str
    source: str


@dataclass(frozen=True, slots=True)
class Entry:
    """What stands in a block: value, state, the facts it comes from, and what of it is still to fill."""

    value: str
    state: str
    facts: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Statement:
    """Words to sign or to read, and where they come from."""

    text: str
    cite: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """One part.

    shape: fields (one row), table or records (a row for each item or package), statement or prose (texts).
    """

    id: str
    title: str
    shape: str
    blocks: tuple[Block, ...] = ()
    rows: tuple[tuple[Entry, ...], ...] = ()
    texts: tuple[Statement, ...] = ()


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper, ready to print."""

    id: str
    title: str
    about: str
    reference: str
    needed: bool
    cite: str
    source: str
    parts: tuple[Part, ...]
    decision: Mapping[str, Any]
    sources: tuple[Mapping[str, str], ...]
    as_of: str
    known_on: str
    rules_version: str
    facts_version: str
    prepared: str = PREPARED
    note: str = NOT_A_DETERMINATION

    @property
    def counts(self) -> dict[str, int]:
        """How many entries are in each state."""
        states = [entry.state for part in self.parts for row in part.rows for entry in row]
        return {state: states.count(state) for state in (FILLED, PARTLY, TO_FILL, BY_OTHERS)}

    def as_dict(self) -> dict[str, Any]:
        """The paper as JSON."""
        return {**asdict(self), "counts": self.counts}
