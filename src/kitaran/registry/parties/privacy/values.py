"""Personal values that are kept now: whose, since when counted, until when; for an export and for erasure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from kitaran.foundation.clock import stamp
from kitaran.registry.ledger import canonical
from kitaran.registry.ledger import repository as log
from kitaran.registry.ledger import tables as ledger
from kitaran.registry.ledger.times import read_time
from kitaran.registry.parties import account_tables as accounts
from kitaran.registry.parties.incidents import kinds as incident_kinds
from kitaran.registry.parties.incidents import tables as incidents
from kitaran.registry.parties.privacy.register import Entry, by_place
from kitaran.registry.parties.repository import same_name
from kitaran.registry.parties.technicians import kinds as technician_kinds
from kitaran.registry.parties.technicians import tables as technicians

_WORDS = ("shipment_words",)
"""Values that hold more than a name."""
_SECRET = ("password", "subject")
"""Columns whose content nobody sees: an export says that there is one."""


@dataclass(frozen=True, slots=True)
class Kept:
    """One value. person : an id without a name; value : the text, None if it is a secret

    since : from when the retention counts (UTC, text), None while its reason lasts
    item, seq, name : of a sealed value; account : of one that goes with the account
    """

    entry: Entry
    person: str
    value: str | None
    since: str | None
    item: str | None = None
    seq: int | None = None
    name: str | None = None
    account: str | None = None

    @property
    def due_at(self) -> str | None:
        """The first moment at which it should be gone; None while its reason lasts."""
        if self.since is None:
            return None
        return stamp(read_time(self.since, "since") + timedelta(days=self.entry.retention_days))

    def due(self, at: datetime) -> bool:
        return self.due_at is not None and self.due_at <= stamp(at)


def every(connection: Connection, workspace: Path | None = None) -> list[Kept]:
    """All personal values that are kept here. workspace : its folder, if its own days are to be counted"""
    places = by_place(workspace)
    return [
        *_of_technicians(connection, places),
        *_of_incidents(connection, places),
        *_of_shipments(connection, places),
        *_of_accounts(connection, places),
    ]


def of_person(connection: Connection, person: str, workspace: Path | None = None) -> list[Kept]:
    """Values of a person, who is named by an id or by one of the values, whatever its case and width: with
    a name, all values that stand beside it are found too. Words in which the name stands are found by it.
    """
    kept, wanted = every(connection, workspace), same_name(person)
    named = {one.person for one in kept if one.value is not None and _names(one, wanted)}
    return [one for one in kept if one.person == person or one.person in named]


def _names(kept: Kept, wanted: str) -> bool:
    """Whether the value is this name, or holds it among other words."""
    told = same_name(kept.value or "")
    return told == wanted or (kept.entry.value in _WORDS and bool(wanted) and wanted in told)


def _of_technicians(connection: Connection, places: Mapping[str, Entry]) -> Iterator[Kept]:
    rows = connection.execute(sa.select(technicians.certificate)).all()
    by_seq = {one.seq: one for one in rows}
    for told in log.sealed(connection, list(by_seq)):
        row = by_seq[told.seq]
        place = places[f"parties.technician_certified:{told.name}"]
        item = technician_kinds.item_of(row.technician)
        text = str(canonical.loads(told.content))
        yield Kept(place, row.technician, text, row.valid_until, item, told.seq, told.name)


def _of_incidents(connection: Connection, places: Mapping[str, Entry]) -> Iterator[Kept]:
    rows = connection.execute(sa.select(incidents.incident)).all()
    by_seq = {one.seq: one for one in rows}
    for told in log.sealed(connection, list(by_seq)):
        row = by_seq[told.seq]
        place = places[f"parties.incident_reported:{told.name}"]
        item = incident_kinds.item_of(row.incident)
        text = str(canonical.loads(told.content))
        yield Kept(place, f"reporter of {row.incident}", text, row.closed_at, item, told.seq, told.name)


def _of_shipments(connection: Connection, places: Mapping[str, Entry]) -> Iterator[Kept]:
    """Words beside events of the shipment procedure, each the words of its own event."""
    place = places["movement.*:words"]
    c = ledger.sealed.c
    seqs = connection.execute(sa.select(c.seq).where(c.name == "words").order_by(c.seq)).scalars().all()
    for told in log.sealed(connection, seqs):
        row = log.row(connection, told.seq)
        assert row is not None  # a value stands beside an event
        entry = canonical.loads(row.entry)
        envelope = entry["envelope"]
        if envelope["kind"].startswith("movement."):
            text = "; ".join(_texts(canonical.loads(told.content)))
            person = f"event {told.seq} of {envelope['items'][0]}"
            yield Kept(place, person, text, entry["recorded_at"], envelope["items"][0], told.seq, told.name)


def _texts(told: Any) -> Iterator[str]:
    """Every text in a value."""
    if isinstance(told, str):
        yield told
    for one in told.values() if isinstance(told, dict) else told if isinstance(told, list) else ():
        yield from _texts(one)


def _of_accounts(connection: Connection, places: Mapping[str, Entry]) -> Iterator[Kept]:
    for row in connection.execute(sa.select(accounts.account)):
        if row.name == ERASED:
            continue
        for column in ("name", "sign_in_name", "password"):
            if getattr(row, column) is not None:
                shown = None if column in _SECRET else getattr(row, column)
                place = places[f"access_account:{column}"]
                yield Kept(place, row.account, shown, row.ended_at, account=row.account)
        c = accounts.outside_identity.c
        for _ in connection.execute(sa.select(c.issuer).where(c.account == row.account)):
            place = places["access_outside_identity:subject"]
            yield Kept(place, row.account, None, row.ended_at, account=row.account)


ERASED = "(erased)"
"""Stands in place of the name of an account whose person was forgotten."""
