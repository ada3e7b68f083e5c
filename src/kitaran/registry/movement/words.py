"""Words of the procedure that may name somebody: they stand beside the log, sealed as one value `words`.

Reasons, questions, answers, conditions, remarks, and what a document states. The log commits to them; when
they are erased every proof stays. Events from before this rule hold them in their payload, and keep them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime
from typing import Annotated, Any, Final

from pydantic import Field, ValidationError
from sqlalchemy import Connection

from kitaran.foundation.errors import Fault, InputError
from kitaran.registry.ledger import canonical
from kitaran.registry.ledger import repository as log
from kitaran.registry.ledger.envelope import Event
from kitaran.registry.ledger.kinds import Admission, EventKind, Payload, Recorded
from kitaran.registry.movement import tables as t
from kitaran.registry.movement.schemas.forms import Text
from kitaran.registry.parties.schemas import Words

WORDS: Final = "words"
ERASED: Final = "(erased)"
SEND_SEALED: Final = "Send it there, under the hash in the envelope's `sealed`."
_Conditions = Annotated[list[Text], Field(max_length=50)]
_Fields = Annotated[dict[Annotated[str, Field(pattern=r"^[a-z0-9_]{1,60}$")], Text], Field(max_length=60)]


class Notified(Payload):
    """Numbers of contract and guarantee, and why it moves."""

    contract: Words | None = None
    guarantee: Words | None = None
    reason: Text | None = None


class Reason(Payload):
    reason: Text


class MayReason(Payload):
    reason: Text | None = None


class Question(Payload):
    question: Text


class Answer(Payload):
    answer: Text


class Consented(Payload):
    conditions: _Conditions = Field(default=[])


class Started(Payload):
    """conveyance : ship, train or vehicle"""

    conveyance: Words | None = None


class Remarks(Payload):
    remarks: Text | None = None


class Residues(Payload):
    residues: Text | None = None


class DocumentGiven(Payload):
    """fields : what it states"""

    fields: _Fields = Field(default={})


FORMS: Final[Mapping[str, type[Payload]]] = {
    "movement.notified": Notified,
    "movement.amended": Reason,
    "movement.notification_withdrawn": MayReason,
    "movement.questioned": Question,
    "movement.answered": Answer,
    "movement.consented": Consented,
    "movement.objected": Reason,
    "movement.consent_withdrawn": Reason,
    "movement.started": Started,
    "movement.mass_corrected": Reason,
    "movement.cancelled": Reason,
    "movement.border_checked": Remarks,
    "movement.received": Remarks,
    "movement.receipt_refused": Reason,
    "movement.completed": Residues,
    "movement.failed": Reason,
    "movement.taken_back": Remarks,
    "movement.document_given": DocumentGiven,
    "movement.document_withdrawn": Reason,
}
"""The words of each kind of event that has any."""


def parted(kind: str, told: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """What an act says, parted into its payload and what is sealed beside it."""
    named = FORMS[kind].model_fields if kind in FORMS else {}
    payload = {name: value for name, value in told.items() if name not in named}
    spoken = {name: value for name, value in told.items() if name in named and value not in (None, [], {})}
    return payload, {WORDS: spoken} if spoken else {}


def kind(
    name: str,
    schema: type[Payload],
    authorise: Admission,
    project: Callable[[Connection, Recorded], None],
) -> EventKind:
    """A kind of event with words beside it."""

    def authorised(connection: Connection, event: Event, at: datetime) -> None:
        _check(event)
        authorise(connection, event, at)

    return EventKind(name, schema, authorised, project, t.PROJECTED, sealed=frozenset({WORDS}))


def of(event: Event) -> dict[str, Any]:
    """The words that came with an event; those of an old one from its payload."""
    opened = event.disclosures.get(WORDS)
    return _old(event.envelope) if opened is None else dict(opened.value)


def _check(event: Event) -> None:
    """Raises InputError unless the words that this kind needs are there, in their form."""
    opened = event.disclosures.get(WORDS)
    try:
        FORMS[event.kind].model_validate({} if opened is None else opened.value)
    except ValidationError as error:
        place, remedy = f"$.disclosures.{WORDS}", SEND_SEALED
        faults = [
            Fault(".".join([place, *map(str, one["loc"])]), f"{one['msg']}.", remedy)
            for one in error.errors()
        ]
        raise InputError("The words have another form.", faults=faults) from error


def _old(envelope: Mapping[str, Any]) -> dict[str, Any]:
    named = FORMS[envelope["kind"]].model_fields if envelope["kind"] in FORMS else {}
    return {name: value for name, value in envelope["payload"].items() if name in named}


def asked(
    questions: Iterable[Mapping[str, Any]], events: Iterable[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """Questions about a notification and their answers, with the words that its events hold."""
    payloads = {one["id"]: one["payload"] for one in events}
    answers = {told["question"]: told["answer"] for told in payloads.values() if "answer" in told}
    return [
        {
            **one,
            "words": one["words"] or payloads.get(one["question"], {}).get("question", ""),
            "answer": one["answer"] or answers.get(one["question"]),
        }
        for one in questions
    ]


def told(connection: Connection, seqs: Collection[int]) -> dict[int, dict[str, Any]]:
    """The payloads of these events with their words; in place of what was erased stands ERASED."""
    opened = {one.seq: canonical.loads(one.content) for one in log.sealed(connection, sorted(seqs))}
    found = {}
    for seq in seqs:
        row = log.row(connection, seq)
        if row is not None:
            envelope = canonical.loads(row.entry)["envelope"]
            found[seq] = {**envelope["payload"], **_shown(envelope, opened.get(seq))}
    return found


def _shown(envelope: Mapping[str, Any], opened: Mapping[str, Any] | None) -> Mapping[str, Any]:
    if opened is not None or WORDS not in envelope.get("sealed", {}):
        return opened or {}
    fields = FORMS[envelope["kind"]].model_fields if envelope["kind"] in FORMS else {}
    gone = {"conditions": [ERASED], "fields": {ERASED: ERASED}}
    return {name: gone.get(name, ERASED) for name in fields}
