"""A national authority's own dated, cited facts, or an analyst's on its behalf, in one CSV.

Columns of measures.csv (a bar, an open bar, a permit, a note) or of status.csv (field and value), and:

entered_by : who says so; named in every decision that uses the row
supersedes : ids of packaged rows that this row replaces, parted by |
source     : free text where it can be read (gazette number, letter, page)
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from kitaran.foundation.errors import InputError
from kitaran.law import tables
from kitaran.law.records import Measure, Source, Status
from kitaran.law.rows import read_measure, read_status

COLUMNS = (
    *("id", "cc", "role", "applies_to", "kinds", "groups", "purposes", "when", "effect", "permit", "days"),
    *("cleared_by", "field", "value", "valid_from", "valid_to", "known_from", "known_to", "text", "question"),
    *("authority", "settles", "cite", "source", "seen", "confidence", "entered_by", "supersedes"),
)
FIELDS = (
    "basel_party",
    "annex_vii",
    "oecd",
    "ban_amendment",
    "used_is_waste",
    "hazardous_groups",
    "black_mass_standard",
    "black_mass_waste",
    "permit_always",
    "reuse_not_waste",
    "circular_resource",
)


@dataclass(frozen=True)
class OwnFacts:
    """What one table of own facts adds, and which packaged rows it replaces from which day on."""

    name: str
    digest: str
    measures: tuple[Measure, ...]
    statuses: tuple[Status, ...]
    supersedes: Mapping[str, str]


def read(path: Path, sources: Mapping[str, Source], countries: Mapping[str, str]) -> OwnFacts:
    """The own facts of a CSV. Raises InputError that names the line of a wrong row."""
    measures: list[Measure] = []
    statuses: list[Status] = []
    supersedes: dict[str, str] = {}
    for line, row in tables.own_rows(path):
        place = f"{path.name}, line {line}"
        _check(row, countries, place)
        row["id"] = f"own/{row.get('id') or line}"
        known = {**sources, row["source"]: Source(row["source"], row["source"], "", "", "seen", "")}
        entered = f"{path.name} by {row['entered_by']}"
        if row.get("field"):
            statuses.append(read_status(row, known, own=entered))
        else:
            measures.append(read_measure(row, known, own=entered))
        supersedes.update(dict.fromkeys(tables.words(row.get("supersedes")), row["known_from"]))
    digest = hashlib.sha256(path.read_bytes()).hexdigest()[:12]
    return OwnFacts(path.name, digest, tuple(measures), tuple(statuses), supersedes)


def _check(row: Mapping[str, str], countries: Mapping[str, str], place: str) -> None:
    if row.get("cc") not in countries:
        raise InputError(f"{row.get('cc')!r} is no country code.", place, "Use ISO 3166 alpha-2, or EU.")
    for needed in ("entered_by", "source", "known_from"):
        if not row.get(needed):
            raise InputError(f"{needed} is empty.", place, "Own facts are signed, sourced and dated.")
    if ";" in row["source"]:
        raise InputError("source holds a semicolon.", place, "Name one source.")
    if row.get("field") and row["field"] not in FIELDS:
        raise InputError(f"field {row['field']!r} is unknown.", place, f"Use one of {', '.join(FIELDS)}.")
