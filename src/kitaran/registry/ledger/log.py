"""Appending to the log: one writer, whatever the number of callers.

Order of work for each event: form and schema, signature; authorisation for the time of the event and for
the time of its recording; idempotency; comparison with the item's head; log and read models in one
transaction; durable; only then the receipt. Callers that wait together are committed together (group commit).

An event that is sent again was authorised when it was recorded: it gets its receipt, not a second judgement.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from threading import Lock
from typing import Any, Final

from sqlalchemy import Connection, Engine

from kitaran.foundation import clock
from kitaran.foundation.database import writing
from kitaran.foundation.errors import InputError, KitaranError, WorkspaceError
from kitaran.registry.ledger import repository
from kitaran.registry.ledger.admission import check_key, check_signature, compare_heads
from kitaran.registry.ledger.bulk import Rows, check_manifest
from kitaran.registry.ledger.envelope import Event, read_event
from kitaran.registry.ledger.errors import ConflictError, HaltedError, NotAllowedError
from kitaran.registry.ledger.group import Group
from kitaran.registry.ledger.kinds import Admission, EventKind, KeyBook, Kinds
from kitaran.registry.ledger.receipt import Receipt
from kitaran.registry.ledger.seen_keys import SeenKeys

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
        self._seen = SeenKeys(keys)
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
        waiting = self._waiting_one(submitted, None, set())
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
        unknown: set[str] = set()
        for submitted, disclosures in submissions:
            try:
                waiting = self._waiting_one(submitted, disclosures, unknown)
                if waiting.kind.bulk:
                    raise InputError("A bulk import comes with its rows.", "$.kind", "Send both together.")
                read.append(waiting)
            except KitaranError as error:
                read.append(error)
        return read

    def _waiting_one(self, submitted: Any, disclosures: dict[str, Any] | None, unknown: set[str]) -> _Waiting:
        event = read_event(submitted, disclosures)
        kind = self.kinds.find(event.kind)
        kind.check(event)
        check_signature(event, self._seen.public_key(self.engine, event.key_id, unknown))
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
            group.write(connection)
        return before, group.size, outcomes

    def _open(self, connection: Connection, waiting: list[_Waiting]) -> Group:
        size = repository.size(connection)
        if size < self._signed_to():
            raise HaltedError(
                f"The database holds {size} events, the last signed checkpoint {self._signed_to()}.",
                str(self.engine.url.database),
                "This is an old copy. Restore the newest backup, or begin a log of its own from this one.",
            )
        now = clock.now()
        return Group(
            size,
            now,
            clock.stamp(now),
            repository.rows_by_id(connection, {one.event.id for one in waiting}),
            repository.heads(connection, {item for one in waiting for item in one.event.items}),
            {key: self._keys.find(connection, key) for key in {one.event.key_id for one in waiting}},
        )

    def _take(self, connection: Connection, group: Group, one: _Waiting) -> Receipt:
        event = one.event
        known = group.known.get(event.id)
        if known is not None and known.digest == event.digest:
            return group.receipt_again(connection, known, event)
        try:
            self._authorise(connection, group, one)
        except ConflictError:
            if known is None:
                raise
        if known is not None:
            raise ConflictError(
                f"The id {event.id} belongs to an event with other content.", "$.id", "Choose a new id."
            )
        compare_heads(group.heads, event)
        recorded, receipt = group.record(event)
        if one.rows is not None:
            repository.add_import(connection, one.rows.placed(recorded.seq))
        try:
            one.kind.project(connection, recorded)
        except (ConflictError, NotAllowedError, InputError) as error:
            raise RuntimeError(f"{event.kind}: a projection may not refuse ({error})") from error
        return receipt

    def _authorise(self, connection: Connection, group: Group, one: _Waiting) -> None:
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
