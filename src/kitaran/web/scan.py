"""`/scan`: what a code on a label says, and which battery it names. Typed, photographed, or by the camera."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, Response
from sqlalchemy import Connection

from kitaran.api import registry
from kitaran.api.passports import asking
from kitaran.foundation.clock import now
from kitaran.foundation.database import reading
from kitaran.foundation.errors import InputError
from kitaran.registry import identity
from kitaran.registry.custody import keeping
from kitaran.registry.identity.code import LONGEST
from kitaran.registry.identity.qr import LARGEST_PHOTO_BYTES, Seen, read_photo
from kitaran.registry.parties.repository import Operator
from kitaran.registry.passport import repository, view
from kitaran.registry.passport.audiences import OWN
from kitaran.registry.passport.names import MAKERS_MARK, Alias, code_alias
from kitaran.web import scan_words as words
from kitaran.web.entries import Entry
from kitaran.web.language import gettext as _
from kitaran.web.layout import render
from kitaran.web.pages import JSONFacts, Page, Pages

HERE: Final = "/scan"
TEMPLATE: Final = "scan.html"
MOST_CODES: Final = 24
"""That are told of one photo: a sheet of labels."""
_OWN_ADDRESS = re.compile(r"/b/([0-9a-f]{32})", re.ASCII)
pages = Pages()


@dataclass(frozen=True)
class Found:
    """A code as it was seen, what it says, and the battery that it names, if the reader may know of it."""

    text: str
    symbology: str
    read: identity.ParsedCode
    battery: str | None

    def as_dict(self) -> dict[str, Any]:
        """{text, symbology, valid, scheme, keys, errors, battery}"""
        return {
            "text": self.text,
            "symbology": self.symbology,
            **self.read.as_dict(),
            "battery": self.battery,
        }


@pages.page(HERE, TEMPLATE)
def scan_page(request: Request, code: str = "") -> Page:
    """The form; with a code in the address, what it says."""
    if not code.strip():
        return Page({"codes": []}, _frame())
    found = _told(request, (Seen(code.strip()[: LONGEST + 1], ""),))
    return Page(_facts(found), _frame(found) | {"typed": code.strip()[:LONGEST]})


@pages.router.post(HERE)
async def scan_photo(request: Request) -> Response:
    """Every code of a photo. The photo is read and not kept."""
    try:
        found = await _photographed(request)
    except InputError as error:
        faults = [{**fault.as_dict(), "field": "photo", "place": ""} for fault in error.faults]
        shown = {"codes": [], "twin": "", **_frame(), "faults": faults}
        return HTMLResponse(render(request, TEMPLATE, shown), 422)
    shown = {**_facts(found), "twin": "", **_frame(found), "photographed": True}
    return HTMLResponse(render(request, TEMPLATE, shown))


@pages.router.post(f"{HERE}.json")
async def scan_photo_facts(request: Request) -> Response:
    """The same for programs."""
    return JSONFacts(_facts(await _photographed(request)))


async def _photographed(request: Request) -> list[Found]:
    async with request.form(max_files=1, max_fields=2) as form:
        photo = form.get("photo")
        if not hasattr(photo, "read") or not photo.filename:  # type: ignore[union-attr]
            raise InputError(_("No photo was chosen."), "photo", _("Take or choose one, then send it."))
        content: bytes = await photo.read(LARGEST_PHOTO_BYTES + 1)  # type: ignore[union-attr]
    seen = await run_in_threadpool(read_photo, content)
    return await run_in_threadpool(_told, request, seen[:MOST_CODES])


def _told(request: Request, seen: tuple[Seen, ...]) -> list[Found]:
    """What each code says, and which battery it names for this reader."""
    caller = asking(request)
    with reading(registry.of(request).whole().engine) as connection:
        return [
            Found(one.text, one.symbology, identity.parse(one.text), _battery(connection, one.text, caller))
            for one in seen
        ]


def _battery(connection: Connection, text: str, caller: Operator | None) -> str | None:
    """Id of the battery that a code names: by the address of its page, or by a code that it is known by.

    A mark of no known scheme can be guessed: it names only what the reader answers for.
    """
    own, alias = _own_id(text), _alias(text)
    if own is not None:
        battery = repository.battery(connection, own)
    else:
        battery = next(iter(repository.batteries(connection, None, limit=1, code=alias)), None)
    seen_by = keeping.audiences_of(connection, caller, battery, "" if battery is None else battery.id, now())
    if battery is None or not view.is_seen(battery, seen_by):
        return None
    guessed = own is None and alias[0] == MAKERS_MARK
    return None if guessed and not OWN & seen_by else battery.id


def _own_id(text: str) -> str | None:
    """The id in the address of a battery's page, whichever registry made the label."""
    try:
        found = _OWN_ADDRESS.fullmatch(urlsplit(text).path)
    except ValueError:
        return None
    return found[1] if found else None


def _alias(text: str) -> Alias:
    """The name that a code gives; one that names nothing, where it is wrong or names no single battery."""
    try:
        return code_alias(text)
    except InputError:
        return ("none", text)


def _facts(found: list[Found]) -> dict[str, Any]:
    return {"codes": [one.as_dict() for one in found]}


def _frame(found: list[Found] | None = None) -> dict[str, Any]:
    """What the page says of each code, and the form."""
    return {
        "cards": [_card(one) for one in found or []],
        "typed": "",
        "photographed": False,
        "faults": [],
    }


def _card(one: Found) -> dict[str, Any]:
    own = _own_id(one.text) is not None
    return {
        "title": words.title(one.read, one.battery, own),
        "tone": "done" if one.battery or one.read.valid else "warn",
        "text": one.text,
        "battery": one.battery,
        "keys": [] if own else words.keys_of(one.read),
        "faults": [] if one.battery or own else list(one.read.errors),
        "unknown_here": one.battery is None and (one.read.valid or own),
    }


ENTRY = Entry(pages.router, HERE, None, 90, paths=lambda _: [HERE])
