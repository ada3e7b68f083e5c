"""The register of personal values: for each its purpose, lawful basis, retention, audience and erasure."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Final, Literal, get_args

from kitaran.registry.parties.privacy import retention

Basis = Literal[
    "consent", "contract", "legal_obligation", "vital_interest", "public_task", "legitimate_interest"
]
BASES: Final[tuple[Basis, ...]] = get_args(Basis)
COUNTED_FROM: Final = ("certificate_end", "incident_closed", "account_end", "recorded")
ERASURES: Final = ("ledger", "account")


@dataclass(frozen=True, slots=True)
class Entry:
    """One kind of personal value.

    kept_in        : KIND:NAME of a value sealed beside the log, NOUN.*:NAME of all kinds of a noun, or
                     TABLE:COLUMN
    retention_days : days for which it is kept after `counted_from`
    audience       : who may read it, with semicolons between
    erasure        : `ledger` by an event that erases a sealed value, `account` with the account
    law            : what the workspace names for days of its own; empty where our default stands
    """

    value: str
    kept_in: str
    purpose: str
    basis: str
    retention_days: int
    counted_from: str
    audience: str
    erasure: str
    note: str
    law: str = ""


@lru_cache(maxsize=1)
def entries() -> tuple[Entry, ...]:
    """The whole register, in its order."""
    text = files(__package__).joinpath("register.csv").read_text(encoding="utf-8")
    return tuple(
        Entry(**{**row, "retention_days": int(row["retention_days"])})  # type: ignore[arg-type]
        for row in csv.DictReader(text.splitlines())
    )


def entries_of(workspace: Path | None) -> tuple[Entry, ...]:
    """The register as it holds in a workspace (its folder), with the days that it sets itself.

    Raises InputError as `retention.read` does.
    """
    if workspace is None:
        return entries()
    own = retention.read(workspace / retention.FILE, frozenset(one.value for one in entries()))
    return tuple(
        replace(one, retention_days=own[one.value].days, law=own[one.value].law) if one.value in own else one
        for one in entries()
    )


def by_place(workspace: Path | None = None) -> Mapping[str, Entry]:
    """Entries by `kept_in`. A place that is missing holds a value that the register does not know."""
    return {one.kept_in: one for one in entries_of(workspace)}


def as_rows(workspace: Path | None = None) -> list[dict[str, str | int]]:
    """The register as rows for people and programs."""
    return [
        {field.name: getattr(one, field.name) for field in fields(Entry)} for one in entries_of(workspace)
    ]
