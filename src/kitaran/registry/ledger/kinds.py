"""Which events may be appended. Each noun registers its kinds here; the ledger knows none of them.

Two seams stand open for the nouns above: `KeyBook` finds the key that an event names, and `Admission` says
whether its actor may act at all. Both are asked for the time of the event and for the time of its recording.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Literal, Protocol

from pydantic import BaseModel, ConfigDict, ValidationError
from sqlalchemy import Connection, Table

from kitaran.foundation.errors import Fault, InputError
from kitaran.registry.ledger.envelope import Event

Custody = Literal["own", "custodial"]

QUANTITY: Final = r"^(0|[1-9][0-9]{0,14})(\.[0-9]{1,9})?$"
"""The form of a quantity in a payload: a decimal string without a sign."""
LOOK_AT_SCHEMA: Final = "Look at the schema of this kind of event."
"""The remedy for a program; a form says it in the words of its field."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """An event with its place in the log: seq from 0, recorded_at as it is written, item_seqs from 1."""

    event: Event
    seq: int
    recorded_at: str
    item_seqs: dict[str, int]


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A public key, whose it is, who keeps its private half, and from when until when it may sign."""

    key_id: str
    actor: str
    public_key: bytes
    custody: Custody
    valid_from: datetime
    valid_until: datetime | None = None

    def valid_at(self, moment: datetime) -> bool:
        return self.valid_from <= moment and (self.valid_until is None or moment < self.valid_until)


class KeyBook(Protocol):
    """Where keys are looked up; the noun `parties` keeps one."""

    def find(self, connection: Connection, key_id: str) -> SigningKey | None: ...


class Admission(Protocol):
    """Raises NotAllowedError if the actor may not do this at that time: role, facility, licence."""

    def __call__(self, connection: Connection, event: Event, at: datetime) -> None: ...


class Payload(BaseModel):
    """Base of every payload's schema: nothing unknown, nothing converted."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


def allow(connection: Connection, event: Event, at: datetime) -> None:
    """An authorisation that has nothing to add."""


def keep(connection: Connection, recorded: Recorded) -> None:
    """A projection that has nothing to keep."""


@dataclass(frozen=True)
class EventKind:
    """One kind of event.

    schema     : form of the payload
    authorise  : raises NotAllowedError if this event may not be at that time; reads, never writes
    project    : brings the read models up to date, in the transaction of the append
    tables     : the read models it writes, emptied by a rebuild
    moves_head : whether every item must stand in `expects`: of two such events from one head, one wins
    sealed     : names of values that it may hold beside the log
    bulk       : whether it is the manifest of rows (its schema is a `bulk.Manifest`), never sent without them
    """

    name: str
    schema: type[BaseModel]
    authorise: Admission = allow
    project: Callable[[Connection, Recorded], None] = keep
    tables: tuple[Table, ...] = ()
    moves_head: bool = True
    sealed: frozenset[str] = frozenset()
    bulk: bool = False

    def check(self, event: Event) -> None:
        """Raises InputError naming each field of the payload that its schema refuses."""
        try:
            self.schema.model_validate(event.envelope["payload"])
        except ValidationError as error:
            raise InputError("The payload has another form.", faults=_payload_faults(error)) from error
        if self.moves_head and len(event.envelope["expects"]) != len(event.envelope["items"]):
            raise InputError(
                "An item's head is missing.", "$.expects", "Say for each item which head this event follows."
            )
        unknown = event.envelope["sealed"].keys() - self.sealed if "sealed" in event.envelope else ()
        if unknown:
            raise InputError(
                f"This kind holds no sealed {', '.join(sorted(unknown))}.", "$.sealed", "Leave them out."
            )


def _payload_faults(error: ValidationError) -> list[Fault]:
    return [
        Fault(
            "$.payload"
            + "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in one["loc"]),
            _wrong(one["type"], one["msg"], one.get("ctx", {})),
            LOOK_AT_SCHEMA,
        )
        for one in error.errors()
    ]


def _wrong(kind: str, words: str, context: Mapping[str, Any]) -> str:
    """What is wrong with a field, in words that a person understands who typed it at the command line."""
    if context.get("pattern") == QUANTITY:
        return "This is no quantity: write digits without a sign, and a point before a fraction, as 412.5."
    return f"{context['error'] if kind == 'value_error' else words}."


@dataclass
class Kinds:
    """The kinds that a log takes, by name."""

    _known: dict[str, EventKind] = field(default_factory=dict)

    def register(self, kinds: Iterable[EventKind]) -> None:
        """Raises ValueError if a name is taken: two nouns claim one kind."""
        for kind in kinds:
            if kind.name in self._known:
                raise ValueError(f"event kind {kind.name} is registered twice")
            self._known[kind.name] = kind

    def __iter__(self) -> Iterator[EventKind]:
        return iter(self._known.values())

    def find(self, name: str) -> EventKind:
        """Raises InputError if there is no such kind."""
        if name not in self._known:
            raise InputError(
                f"There is no kind of event {name!r}.", "$.kind", f"Known are {', '.join(self._known)}."
            )
        return self._known[name]
