"""Signed events over HTTP: post one, or many."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

import orjson
from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool

from kitaran.api import access, registry
from kitaran.foundation.errors import InputError, KitaranError
from kitaran.registry.ledger import erasure
from kitaran.registry.ledger.errors import NotAllowedError
from kitaran.registry.ledger.log import MOST_TOGETHER, Ledger
from kitaran.registry.parties.repository import Operator

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
