"""The register of personal values: for each its purpose, lawful basis, retention, audience and erasure."""

from __future__ import annotations

import csv
from dataclasses import dataclass, fields
from functools import lru_cache
from importlib.resources import files
from typing import Final, Literal, get_args

Basis = Literal[
    "consent", "contract", "legal_obligation", "vital_interest", "public_task", "legitimate_interest"
]
BASES: Final[tuple[Basis, ...]] = get_args(Basis)
COUNTED_FROM: Final = ("certificate_end", "incident_closed", "account_end")
ERASURES: Final = ("ledger", "account")


@dataclass(frozen=True, slots=True)
class Entry:
    """One kind of personal value.

    kept_in        : KIND:NAME of a value sealed beside the log, or TABLE:COLUMN
    retention_days : days for which it is kept after `counted_from`
    audience       : who may read it, with semicolons between
    erasure        : `ledger` by an event that erases a sealed value, `account` with the account
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


@lru_cache(maxsize=1)
def entries() -> tuple[Entry, ...]:
    """The whole register, in its order."""
    text = files(__package__).joinpath("register.csv").read_text(encoding="utf-8")
    return tuple(
        Entry(**{**row, "retention_days": int(row["retention_days"])})  # type: ignore[arg-type]
        for row in csv.DictReader(text.splitlines())
    )


def entry(kept_in: str) -> Entry:
    """The entry of a place. Raises KeyError if a personal value is kept that the register does not know."""
    return {one.kept_in: one for one in entries()}[kept_in]


def as_rows() -> list[dict[str, str | int]]:
    """The register as rows for people and programs."""
    return [{field.name: getattr(one, field.name) for field in fields(Entry)} for one in entries()]
