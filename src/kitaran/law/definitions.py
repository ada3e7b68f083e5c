"""What a term means in each jurisdiction, side by side, and where the meanings clash."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Any

from kitaran.foundation.errors import NotFoundError
from kitaran.law import tables
from kitaran.law.decision import NOT_A_DETERMINATION

ALIASES = {
    "hazardous": "hazardous waste",
    "used": "used battery",
    "re use": "reuse",
    "repair": "refurbishment",
    "remanufacturing": "refurbishment",
    "repurposing": "repurposing/second life",
    "second life": "repurposing/second life",
    "end of life": "end-of-life",
    "waste battery": "waste",
}
_WORKING = {
    "waste": "waste battery",
    "reuse": "re-use",
    "refurbishment": "repair/refurbishment",
    "repurposing/second life": "repurposing",
    "recycling": "recycling",
    "recyclate": "recyclate",
}
_NAMES = {"Basel": "Basel Convention", "OECD": "OECD"}


@dataclass(frozen=True, slots=True)
class Meaning:
    """What one jurisdiction means by a term; an empty text: none was found, which is not that none exists."""

    jurisdiction: str
    jurisdiction_name: str
    text: str
    cite: str
    clash: str
    source: str
    seen: str
    confidence: str


@dataclass(frozen=True, slots=True)
class SideBySide:
    """A term with our working definition and every jurisdiction's meaning."""

    term: str
    working: str
    rows: tuple[Meaning, ...]
    note: str = NOT_A_DETERMINATION

    @property
    def clashes(self) -> tuple[Meaning, ...]:
        """Rows where the meaning was found and pulls against another's."""
        return tuple(row for row in self.rows if row.clash and row.text)

    def as_dict(self) -> dict[str, Any]:
        return {
            "term": self.term,
            "working_definition": self.working,
            "jurisdictions": [asdict(row) for row in self.rows],
            "clashes": [{"jurisdiction": row.jurisdiction, "clash": row.clash} for row in self.clashes],
            "note": self.note,
        }


def terms() -> tuple[str, ...]:
    """The terms that stand in the table, in its order."""
    return tuple(_rows())


def side_by_side(term: str) -> SideBySide:
    """A term across jurisdictions. Raises NotFoundError with the known terms."""
    rows = _rows()
    wanted = _plain(term)
    wanted = ALIASES.get(wanted) or {_plain(name): name for name in rows}.get(wanted, wanted)
    if wanted not in rows:
        raise NotFoundError(f"The term {term!r} stands in no table.", "TERM", f"Terms: {', '.join(rows)}.")
    return SideBySide(wanted, _working().get(_WORKING.get(wanted, ""), ""), rows[wanted])


def _plain(term: str) -> str:
    """A term without case and signs, as it may stand in an address."""
    return " ".join(re.sub(r"[-_/]", " ", term.lower()).split())


def slug(term: str) -> str:
    """A term as it stands in an address."""
    return _plain(term).replace(" ", "-")


@lru_cache(maxsize=1)
def _rows() -> dict[str, tuple[Meaning, ...]]:
    names = {row["cc"]: row["name"] for row in tables.packaged_rows("countries.csv")}
    found: dict[str, tuple[Meaning, ...]] = {}
    for row in tables.packaged_rows("definitions.csv"):
        place = row["jurisdiction"]
        text = "" if row["text"].startswith("not found") else row["text"]
        meaning = Meaning(
            jurisdiction=place,
            jurisdiction_name=_NAMES.get(place) or names.get(place, place),
            text=text,
            cite=row["cite"],
            clash=row["clash"],
            source=row["source"],
            seen=row["seen"],
            confidence=row["confidence"],
        )
        found[row["term"]] = (*found.get(row["term"], ()), meaning)
    return found


@lru_cache(maxsize=1)
def _working() -> dict[str, str]:
    return {row["term"]: row["text"] for row in tables.packaged_rows("working_definitions.csv")}
