"""Documents that a side adds to the dossier of a notification or movement, with their files, or withdraws."""

from __future__ import annotations

import re
from collections.abc import Mapping
from hashlib import sha256
from typing import Any, Final, Literal

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import FormData, UploadFile

from kitaran.api import registry
from kitaran.foundation.errors import InputError, KitaranError
from kitaran.registry.movement import files, service
from kitaran.registry.parties.accounts import Person
from kitaran.web.access import require
from kitaran.web.entries import Entry
from kitaran.web.language import gettext as _
from kitaran.web.movements import movement as movements_movement
from kitaran.web.movements import notification as movements_notification
from kitaran.web.pages import Pages
from kitaran.web.parties_clicks import Given, form_of, tidy

HERE: Final = "/movements/dossier"
Noun = Literal["notification", "movement"]
_FIELDS: Final = ("document", "about", "said")
_MEDIA_TYPE: Final = re.compile(r"[a-z0-9.+-]+/[a-z0-9.+-]+")
pages = Pages()


@pages.router.post(HERE + "/{noun}/{number}")
async def give(request: Request, noun: Noun, number: str) -> Response:
    """Record a document, and keep its file."""
    async with request.form(max_files=1, max_fields=10) as form:
        given = {name: tidy(str(form.get(name) or "")) for name in _FIELDS}
        sent = await _file_of(form)
    return await run_in_threadpool(_give, request, noun, number, given, sent)


@pages.router.post(HERE + "/{noun}/{number}/withdraw")
async def withdraw(request: Request, noun: Noun, number: str) -> Response:
    """Take one's own document out of the dossier."""
    return await run_in_threadpool(_withdraw, request, noun, number, await form_of(request))


async def _file_of(form: FormData) -> tuple[bytes, str]:
    """Bytes and media type of the file, up to one byte more than is kept; empty if none was chosen."""
    sent = form.get("file")
    if not isinstance(sent, UploadFile) or not sent.filename:
        return b"", ""
    return await sent.read(files.MOST_BYTES + 1), sent.content_type or ""


def _give(request: Request, noun: Noun, number: str, given: Given, sent: tuple[bytes, str]) -> Response:
    person = require(request)
    facts = _facts_of(request, noun, person, number)
    opened = registry.of(request)
    content, media_type = sent
    try:
        payload = _payload(given, content, media_type)
        hand = opened.whole().hand_of(person)
        service.give_document(hand, facts["item"], payload)
        if content:
            files.keep(opened.workspace, payload["digest"], content, hand.actor)
    except KitaranError as error:
        return _again(request, noun, facts, person, "documents", given, error)
    return _back(noun, number)


def _withdraw(request: Request, noun: Noun, number: str, given: Given) -> Response:
    person: Person = require(request)
    facts = _facts_of(request, noun, person, number)
    document = given.get("given", "")
    try:
        hand = registry.of(request).whole().hand_of(person)
        service.withdraw_document(hand, facts["item"], document, given.get("reason", ""))
    except KitaranError as error:
        return _again(request, noun, facts, person, f"withdraw-{document}", given, error)
    return _back(noun, number)


def _facts_of(request: Request, noun: Noun, person: Person, number: str) -> dict[str, Any]:
    if noun == "movement":
        return movements_movement.facts_of(request, person, number)
    return movements_notification.facts_of(request, person, number)


def _again(
    request: Request,
    noun: Noun,
    facts: Mapping[str, Any],
    person: Person,
    opened: str,
    given: Given,
    error: KitaranError,
) -> Response:
    if noun == "movement":
        return movements_movement.again(request, facts, person, opened, given, error)
    return movements_notification.again(request, facts, person, opened, given, error)


def _back(noun: Noun, number: str) -> Response:
    return RedirectResponse(f"/movements/{noun}/{number}#dossier", 303)


def _payload(given: Given, content: bytes, media_type: str) -> dict[str, Any]:
    """The document as the record writes it. Raises InputError if there is neither a file nor a word."""
    if len(content) > files.MOST_BYTES:
        raise InputError(_("The file is larger than 50 MB."), "$.payload.file", _("Send a smaller one."))
    if not content and not given["said"]:
        cause = _("There is neither a file nor a word.")
        raise InputError(cause, "$.payload.file", _("Choose a file, or say its number."))
    told: dict[str, Any] = {"document": given["document"]}
    told |= {"about": given["about"]} if given["about"] else {}
    told |= {"fields": {"said": given["said"]}} if given["said"] else {}
    if content:
        told |= {"digest": sha256(content).hexdigest(), "size": len(content)}
        told |= {"media_type": media_type} if _MEDIA_TYPE.fullmatch(media_type) else {}
    return told


ENTRY = Entry(pages.router, HERE, door="/move")
