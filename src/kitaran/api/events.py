"""Signed events over HTTP: post one or many, and read those of an item."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from http import HTTPStatus
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Query, Request, Response
from sqlalchemy import Connection
from starlette.concurrency import run_in_threadpool

from kitaran.api import access, registry
from kitaran.foundation.database import reading
from kitaran.foundation.errors import InputError, KitaranError, NotFoundError
from kitaran.registry.custody import disclosure
from kitaran.registry.custody.repository import OFFLINE
from kitaran.registry.ledger import asking, canonical, erasure, repository
from kitaran.registry.ledger.errors import NotAllowedError
from kitaran.registry.ledger.log import MOST_TOGETHER, Ledger
from kitaran.registry.parties.kinds import item_of
from kitaran.registry.parties.repository import Operator
from kitaran.registry.parties.roles import READS_ALL

MOST_BYTES = 32_000_000


class TooLargeError(InputError):
    """More than one request may hold."""

    http_status = 413


router = APIRouter(prefix="/api/v1", tags=["events"])
_JSON = "application/json"
_EVENTS = {
    "requestBody": {
        "required": True,
        "description": "One signed envelope, `{event, disclosures}`, or a list of up to 1,000 of them.",
        "content": {_JSON: {"schema": {"oneOf": [{"type": "object"}, {"type": "array", "maxItems": 1000}]}}},
    }
}


@router.post("/events", status_code=HTTPStatus.CREATED, openapi_extra=_EVENTS)
async def post_events(request: Request) -> Response:
    """Append one event, or a batch of up to 1,000.

    One: 201 with its receipt, or the error that refuses it. A batch: 200 with `results` in the same order,
    each with `receipt` or `error`; one refusal hinders no other. Sent again, an event gets the same receipt.
    """
    caller = await run_in_threadpool(registry.caller, request)
    body = await _body(request)
    return await run_in_threadpool(_append, request, caller, body)


async def _body(request: Request) -> bytes:
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > MOST_BYTES:
            cause = f"The request has more than {MOST_BYTES} bytes."
            raise TooLargeError(cause, "body", "Send smaller batches.")
        parts.append(part)
    return b"".join(parts)


def _append(request: Request, caller: Operator, body: bytes) -> Response:
    ledger = registry.of(request).whole().ledger
    try:
        sent = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise InputError(f"It is no JSON: {error}.", "body", "Send one envelope or a list of them.") from None
    if not isinstance(sent, list):
        receipt = ledger.append(*_own(sent, caller))
        _scrub(ledger, [sent])
        return Response(receipt, HTTPStatus.CREATED, media_type=_JSON)
    if len(sent) > MOST_TOGETHER:
        cause = f"A batch holds up to {MOST_TOGETHER} events, not {len(sent)}."
        raise TooLargeError(cause, "body", "Send several.")
    results: list[bytes | None] = [None] * len(sent)
    mine: list[tuple[int, tuple[Any, dict[str, Any] | None]]] = []
    for index, one in enumerate(sent):
        try:
            mine.append((index, _own(one, caller)))
        except KitaranError as error:
            results[index] = _refused(request, error)
    for (index, _), outcome in zip(mine, ledger.append_all([own for _, own in mine]), strict=True):
        results[index] = (
            _refused(request, outcome) if isinstance(outcome, KitaranError) else _receipt(outcome)
        )
    _scrub(ledger, sent)
    content = b'{"results":[' + b",".join(result or b"null" for result in results) + b"]}"
    return Response(content, HTTPStatus.OK, media_type=_JSON)


def _scrub(ledger: Ledger, sent: list[Any]) -> None:
    """After an erasure, see that no file holds the value. WorkspaceError if someone reads just then: the
    event is recorded, and sent again it is scrubbed again.
    """
    events = (one.get("event", one) for one in sent if isinstance(one, dict))
    if any(isinstance(event, dict) and event.get("kind") == erasure.KIND.name for event in events):
        erasure.scrub(ledger.engine)


def _own(sent: Any, caller: Operator) -> tuple[Any, dict[str, Any] | None]:
    """The event and its disclosures. Raises NotAllowedError if it is not the caller's own."""
    event, disclosures = sent, None
    if isinstance(sent, dict) and "event" in sent:
        unknown = sorted(set(sent) - {"event", "disclosures"})
        if unknown:
            cause = f"There is no field {unknown[0]}."
            raise InputError(cause, f"$.{unknown[0]}", "Send {event, disclosures}.")
        event, disclosures = sent["event"], sent.get("disclosures")
        if disclosures is not None and not isinstance(disclosures, dict):
            raise InputError("It is no object.", "$.disclosures", "Send {name: {salt, value}}.")
    if isinstance(event, dict) and event.get("actor") != caller.id:
        raise NotAllowedError(
            "The token is that of another operator.", "$.actor", f"It belongs to {caller.id}."
        )
    return event, disclosures


def _receipt(receipt: bytes) -> bytes:
    return b'{"receipt":' + receipt + b"}"


def _refused(request: Request, error: KitaranError) -> bytes:
    faults = [fault.as_dict() for fault in access.open_faults(request, error)]
    problem = {"type": "about:blank", "title": error.title, "status": error.http_status, "faults": faults}
    return orjson.dumps({"error": problem})


@router.get("/items/{item:path}/events")
def events_of_item(
    request: Request,
    item: str,
    after: Annotated[int, Query(ge=-1, description="Sequence number after which to read on.")] = -1,
) -> Response:
    """Events of an item in the order of the log, up to 1,000 at once; `next` is the `after` of the next page.

    An operator sees the items on which it has acted, and its own history; of a battery in custody what
    happened while it held or owned it. Administrators, authorities and auditors see all. Sealed values are
    not shown.
    """
    opened, caller = registry.of(request), registry.caller(request)
    with reading(opened.whole().engine) as connection:
        seen = _seen(connection, item, caller)
        seqs = repository.seqs_of_items(connection, [item])
    page = seen[bisect_right(seen, after) :]
    first = bisect_left(seqs, page[0]) if page else len(seqs)
    read = asking.item_events(opened.whole().engine, item, first, asking.MOST_EVENTS)
    shown = [event.pop("entry") | event for event in read["events"] if event["entry"]["seq"] in set(page)]
    more = shown[-1]["seq"] if shown and shown[-1]["seq"] < seen[-1] else None
    return Response(orjson.dumps({"item": item, "events": shown, "next": more}), media_type=_JSON)


@router.get("/items/{item:path}")
def look_at_item(request: Request, item: str) -> dict[str, Any]:
    """Where an item stands: its head, which the next event must expect, and how many events name it."""
    opened, caller = registry.of(request), registry.caller(request)
    with reading(opened.whole().engine) as connection:
        seqs = _seen(connection, item, caller)
        head = repository.heads(connection, [item])[item]
        past = seqs[-1] < repository.seqs_of_items(connection, [item])[-1]
    return {
        "item": item,
        "head": None if head.digest is None or past else head.digest.hex(),
        "events": len(seqs),
        "first_seq": seqs[0],
        "last_seq": seqs[-1],
    }


def _seen(connection: Connection, item: str, caller: Operator) -> list[int]:
    """Sequence numbers of the item's events. Raises NotFoundError if there is none that the caller may see:
    the same words, after the same work, whether the item exists or not.
    """
    asked = item if item.isprintable() else ""
    windows = disclosure.open_to(connection, asked, caller)
    own = bool(caller.roles & READS_ALL) or item == item_of(caller.id)
    if own or windows or repository.has_acted(connection, asked, caller.id):
        seqs = repository.seqs_of_items(connection, [asked])
        openly = own or bool(windows) or _acted_openly(connection, asked, len(seqs), caller.id)
        if windows is not None:
            seqs = [seq for seq in seqs if disclosure.within(windows, seq)]
        elif not openly:
            seqs = []
        if seqs:
            return seqs
    raise NotFoundError(
        "There is no such item for you.", item, "Look at the id, or ask the one who holds it."
    )


def _acted_openly(connection: Connection, item: str, events: int, operator: str) -> bool:
    """Whether the operator signed one of the item's events otherwise than on a device without a network: such
    an event is taken about any item, and opens none. One look-up, however many events there are.
    """
    rows = repository.item_rows(connection, item, -1, events)
    envelopes = (canonical.loads(row.entry)["envelope"] for _, row in rows)
    return any(one["actor"] == operator and one["kind"] != OFFLINE for one in envelopes)
