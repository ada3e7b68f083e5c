"""Appending to the log: one writer, whatever the number of callers.

Order of work for each event: form and schema, signature; authorisation for the time of the event and for
the time of its recording; idempotency; comparison with the item's head; log and read models in one
transaction; durable; only then the receipt. Callers that wait together are committed together (group commit).

An event that is sent again was authorised when it was recorded: it gets its receipt, not a second judgement.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock
from typing import Any, Final

from sqlalchemy import Connection, Engine

from kitaran.foundation import clock
from kitaran.foundation.database import reading, writing
from kitaran.foundation.errors import InputError, KitaranError, WorkspaceError
from kitaran.registry.ledger import canonical, merkle, repository
from kitaran.registry.ledger.admission import check_key, check_signature, compare_heads
from kitaran.registry.ledger.bulk import Rows, check_manifest
from kitaran.registry.ledger.envelope import Event, read_event
from kitaran.registry.ledger.errors import ConflictError, HaltedError, NotAllowedError
from kitaran.registry.ledger.kinds import Admission, EventKind, KeyBook, Kinds, Recorded, SigningKey
from kitaran.registry.ledger.rebuild import follow
from kitaran.registry.ledger.receipt import Receipt, fresh_receipt, make_receipt
from kitaran.registry.ledger.repository import Head, Row
from kitaran.registry.ledger.stored_tree import StoredTree

MOST_TOGETHER: Final = 1_000
"""Events of one batch, and of one transaction."""
AHEAD: Final = timedelta(minutes=5)
"""How far the clock of a client may run before ours."""


@dataclass(eq=False)
class _Waiting:
    """An event on its way in, and what became of it."""

    event: Event
    kind: EventKind
    rows: Rows | None = None
    outcome: Receipt | Exception | None = None


@dataclass
class _Group:
    """What one transaction has seen and is about to write."""

    size: int
    now: datetime
    recorded_at: str
    known: dict[str, Row]
    heads: dict[str, Head]
    keys: dict[str, SigningKey | None]
    rows: list[Row] = field(default_factory=list)
    item_seqs: dict[int, dict[str, int]] = field(default_factory=dict)
    signers: set[str] = field(default_factory=set)
    sealed: list[tuple[int, str, str, bytes]] = field(default_factory=list)
    moved: dict[str, Head] = field(default_factory=dict)
    acted: set[tuple[str, str]] = field(default_factory=set)


class Ledger:
    """The one log of a workspace.

    admit     : asked first, for every event: may this actor act at all at that time
    signed_to : how many events the last signed checkpoint holds, as remembered outside the database; a
                database with fewer is an old copy, and going on with it would fork what was signed
    """

    def __init__(
        self,
        engine: Engine,
        kinds: Kinds,
        keys: KeyBook,
        admit: Admission,
        signed_to: Callable[[], int] = lambda: 0,
        committed: Callable[[int], None] = lambda size: None,
    ) -> None:
        self.engine = engine
        self.kinds = kinds
        self._keys = keys
        self._admit = admit
        self._signed_to = signed_to
        self._committed = committed
        self._waiting: list[_Waiting] = []
        self._door = Lock()
        self._pen = Lock()

    def append(self, submitted: Any, disclosures: dict[str, Any] | None = None) -> Receipt:
        """Append one event and return its receipt. Raises the KitaranError that refuses it."""
        outcome = self.append_all([(submitted, disclosures)])[0]
        if isinstance(outcome, KitaranError):
            raise outcome
        return outcome

    def append_all(
        self, submissions: Sequence[tuple[Any, dict[str, Any] | None]]
    ) -> list[Receipt | KitaranError]:
        """For each event, in order, its receipt or the error that refuses it. One refusal hinders no other.

        Raises InputError if there are more than MOST_TOGETHER.
        """
        if len(submissions) > MOST_TOGETHER:
            raise InputError(
                f"A batch holds up to {MOST_TOGETHER} events, not {len(submissions)}.", "$", "Send several."
            )
        read = self._read(submissions)
        waiting = [one for one in read if isinstance(one, _Waiting)]
        if waiting:
            self._commit_together(waiting)
        return [_outcome(one) for one in read]

    def append_import(self, submitted: Any, rows: Rows) -> Receipt:
        """Append the manifest of a bulk import together with its rows, all or nothing.

        Raises the KitaranError that refuses it; InputError if the manifest is not of these rows.
        """
        with reading(self.engine) as connection:
            waiting = self._waiting_one(connection, submitted, None, {})
        if not waiting.kind.bulk:
            raise InputError(f"{waiting.event.kind} takes no rows.", "$.kind", "Send it without.")
        check_manifest(waiting.event.payload, rows)
        waiting.rows = rows
        self._commit_together([waiting])
        outcome = _outcome(waiting)
        if isinstance(outcome, KitaranError):
            raise outcome
        return outcome

    # -- before the pen: what needs no lock

    def _read(
        self, submissions: Sequence[tuple[Any, dict[str, Any] | None]]
    ) -> list[_Waiting | KitaranError]:
        read: list[_Waiting | KitaranError] = []
        keys: dict[str, SigningKey | None] = {}
        with reading(self.engine) as connection:
            for submitted, disclosures in submissions:
                try:
                    waiting = self._waiting_one(connection, submitted, disclosures, keys)
                    if waiting.kind.bulk:
                        raise InputError(
                            "A bulk import comes with its rows.", "$.kind", "Send both together."
                        )
                    read.append(waiting)
                except KitaranError as error:
                    read.append(error)
        return read

    def _waiting_one(
        self,
        connection: Connection,
        submitted: Any,
        disclosures: dict[str, Any] | None,
        keys: dict[str, SigningKey | None],
    ) -> _Waiting:
        event = read_event(submitted, disclosures)
        kind = self.kinds.find(event.kind)
        kind.check(event)
        if event.key_id not in keys:
            keys[event.key_id] = self._keys.find(connection, event.key_id)
        check_signature(event, keys[event.key_id])
        return _Waiting(event, kind)

    # -- group commit: whoever holds the pen writes for all who wait

    def _commit_together(self, mine: list[_Waiting]) -> None:
        with self._door:
            self._waiting += mine
        while any(one.outcome is None for one in mine):
            with self._pen:
                with self._door:
                    group, self._waiting = self._waiting[:MOST_TOGETHER], self._waiting[MOST_TOGETHER:]
                if group:
                    self._commit_or_refuse(group)

    def _commit_or_refuse(self, group: list[_Waiting]) -> None:
        """Commit the group and give each its outcome. One bad projection hinders no other: each goes alone
        then.
        """
        try:
            before, after, outcomes = self._commit(group)
        except Exception as error:
            if len(group) > 1 and not isinstance(error, WorkspaceError | HaltedError):
                for one in group:
                    self._commit_or_refuse([one])
                return
            before, after, outcomes = 0, 0, [error] * len(group)
        except BaseException:
            for one in group:
                one.outcome = RuntimeError("the writer was interrupted")
            raise
        for one, outcome in zip(group, outcomes, strict=True):
            one.outcome = outcome
        if after > before:
            self._committed(after)

    def _commit(self, waiting: list[_Waiting]) -> tuple[int, int, list[Receipt | Exception]]:
        """One transaction. Returns the log's size before and after, and the outcomes, when they are
        durable.
        """
        outcomes: list[Receipt | Exception] = []
        with writing(self.engine) as connection:
            repository.lock(connection)
            group = self._open(connection, waiting)
            before = group.size
            for one in waiting:
                try:
                    outcomes.append(self._take(connection, group, one))
                except (ConflictError, NotAllowedError, InputError) as refusal:
                    outcomes.append(refusal)
            _write(connection, group)
        return before, group.size, outcomes

    def _open(self, connection: Connection, waiting: list[_Waiting]) -> _Group:
        size = repository.size(connection)
        if size < self._signed_to():
            raise HaltedError(
                f"The database holds {size} events, the last signed checkpoint {self._signed_to()}.",
                str(self.engine.url.database),
                "This is an old copy. Restore the newest backup, or begin a log of its own from this one.",
            )
        now = clock.now()
        return _Group(
            size,
            now,
            clock.stamp(now),
            repository.rows_by_id(connection, {one.event.id for one in waiting}),
            repository.heads(connection, {item for one in waiting for item in one.event.items}),
            {key: self._keys.find(connection, key) for key in {one.event.key_id for one in waiting}},
        )

    def _take(self, connection: Connection, group: _Group, one: _Waiting) -> Receipt:
        event = one.event
        known = group.known.get(event.id)
        if known is not None and known.digest == event.digest:
            return make_receipt(known, _item_seqs(connection, group, known, event))
        self._authorise(connection, group, one)
        if known is not None:
            raise ConflictError(
                f"The id {event.id} belongs to an event with other content.", "$.id", "Choose a new id."
            )
        compare_heads(group.heads, event)
        recorded = _record(group, event)
        if one.rows is not None:
            repository.add_import(connection, one.rows.placed(recorded.seq))
        try:
            one.kind.project(connection, recorded)
        except (ConflictError, NotAllowedError, InputError) as error:
            raise RuntimeError(f"{event.kind}: a projection may not refuse ({error})") from error
        return fresh_receipt(group.rows[-1], event.envelope, recorded.recorded_at, recorded.item_seqs)

    def _authorise(self, connection: Connection, group: _Group, one: _Waiting) -> None:
        event, recorded_at = one.event, group.now
        if event.occurred_at > recorded_at + AHEAD:
            raise InputError(
                f"The event is said to occur at {event.envelope['occurred_at']}, which is not yet.",
                "$.occurred_at",
                "Set the clock of the device.",
            )
        for at in (event.occurred_at, recorded_at):
            check_key(event, group.keys[event.key_id], at)
            self._admit(connection, event, at)
            one.kind.authorise(connection, event, at)


def _outcome(one: _Waiting | KitaranError) -> Receipt | KitaranError:
    outcome = one.outcome if isinstance(one, _Waiting) else one
    if isinstance(outcome, bytes | KitaranError):
        return outcome
    raise outcome or RuntimeError("an event was left without an outcome")


def _record(group: _Group, event: Event) -> Recorded:
    """Give the event its place, in memory."""
    entry = event.entry(group.size, group.recorded_at)
    row = Row(group.size, event.id, entry, merkle.leaf_hash(entry), event.digest)
    item_seqs = follow(group.heads, event.envelope, event.digest)
    group.moved.update({item: group.heads[item] for item in item_seqs})
    group.acted.update((item, event.actor) for item in item_seqs)
    group.rows.append(row)
    group.item_seqs[row.seq] = item_seqs
    group.signers.add(event.key_id)
    group.known[event.id] = row
    group.sealed += _sealed_rows(row.seq, event)
    group.size += 1
    return Recorded(event, row.seq, group.recorded_at, item_seqs)


def _sealed_rows(seq: int, event: Event) -> list[tuple[int, str, str, bytes]]:
    return [
        (seq, name, opened.salt, canonical.encode(opened.value)) for name, opened in event.disclosures.items()
    ]


def _item_seqs(connection: Connection, group: _Group, row: Row, event: Event) -> dict[str, int]:
    in_group = group.item_seqs.get(row.seq)
    return repository.item_seqs(connection, row.seq, event.items) if in_group is None else in_group


def _write(connection: Connection, group: _Group) -> None:
    if not group.rows:
        return
    repository.add_rows(connection, group.rows)
    repository.add_item_events(
        connection,
        [(i, seq, number) for seq, numbers in group.item_seqs.items() for i, number in numbers.items()],
    )
    repository.add_item_actors(connection, group.acted)
    repository.set_heads(connection, group.moved)
    repository.add_sealed(connection, group.sealed)
    keys = {name: key.public_key for name in group.signers if (key := group.keys[name]) is not None}
    repository.add_public_keys(connection, keys)
    StoredTree(connection).grow(group.rows[0].seq, group.size)
