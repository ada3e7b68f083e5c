"""The keys of a maker: which sign for it and until when, one of its own added, one replaced or ended."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import timedelta
from typing import Annotated, Any, Final

from fastapi import Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from kitaran.api import registry
from kitaran.foundation.clock import now, stamp
from kitaran.foundation.database import reading
from kitaran.foundation.errors import Fault, InputError, KitaranError, NotFoundError
from kitaran.registry.ledger.signature import key_id
from kitaran.registry.parties import repository
from kitaran.registry.parties.accounts import Person
from kitaran.registry.parties.kinds import item_of
from kitaran.web.access import require
from kitaran.web.entries import Entry
from kitaran.web.language import gettext as _
from kitaran.web.layout import render
from kitaran.web.pages import Page, Pages
from kitaran.web.producer.words import ISSUERS

DOOR: Final = "/producer"
HERE: Final = f"{DOOR}/keys"
_HEX = re.compile(r"[0-9a-f]{64}", re.ASCII)
pages = Pages()


@pages.page(HERE, "producer/keys.html")
def keys_page(request: Request) -> Page:
    """Every key of the organisation, past ones too."""
    person = require(request, *ISSUERS)
    return Page(_facts(request, person), _shown())


@pages.router.post(HERE)
def add(
    request: Request,
    public_key: Annotated[str, Form()] = "",
    days: Annotated[int, Form(ge=1, le=1_096)] = 365,
) -> Response:
    """A key that the organisation keeps itself, for a time: said with the key that is kept here."""
    person = require(request, *ISSUERS)
    try:
        raw = bytes.fromhex(_read(public_key))
        payload = {
            "operator": person.operator.id,
            "key_id": key_id(raw),
            "public_key": raw.hex(),
            "custody": "own",
            "valid_until": stamp(now() + timedelta(days=days)),
        }
        registry.of(request).whole().hand_of(person).record(
            "parties.key_added", item_of(person.operator.id), payload
        )
    except KitaranError as error:
        return _again(request, person, error)
    return RedirectResponse(HERE, 303)


@pages.router.post(f"{HERE}/end")
def end(request: Request, key: Annotated[str, Form()], reason: Annotated[str, Form()] = "") -> Response:
    """Let a key of the organisation sign nothing more."""
    person = require(request, *ISSUERS)
    try:
        _own_key(request, person, key)
        payload = {"key_id": key, "reason": " ".join(reason.split())}
        registry.of(request).whole().hand_of(person).record(
            "parties.key_ended", item_of(person.operator.id), payload
        )
    except InputError as error:
        return _again(request, person, error)
    return RedirectResponse(HERE, 303)


@pages.router.post(f"{HERE}/replace")
def replace(request: Request, key: Annotated[str, Form()]) -> Response:
    """A new key is kept here in the place of one that is kept here: the old one ends."""
    person = require(request, *ISSUERS)
    row = _own_key(request, person, key)
    opened = registry.of(request).whole()
    opened.hand_of(person)  # one that signs no more is not replaced by a click
    if row.custody != "custodial":
        raise NotFoundError("This key is not kept here.", key[:16], "Add a new one and end it.")
    opened.enrolment.keep_key(person.operator.id)
    opened.enrolment.end_key(person.operator.id, key, "replaced by a new one")
    return RedirectResponse(HERE, 303)


def _own_key(request: Request, person: Person, key: str) -> Any:
    with reading(registry.of(request).whole().engine) as connection:
        row = repository.key(connection, key[:64])
    if row is None or row.operator != person.operator.id:
        raise NotFoundError("There is no such key of yours.", key[:16], "Look at the list.")
    return row


def _read(text: str) -> str:
    """The 32 bytes of an Ed25519 public key, given as 64 hexadecimal digits or as PEM."""
    plain = "".join(text.split()).lower()
    if _HEX.fullmatch(plain):
        return plain
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    with suppress(ValueError, UnsupportedAlgorithm):
        read = load_pem_public_key(text.strip().encode("ascii", "replace"))
        if isinstance(read, Ed25519PublicKey):
            return read.public_bytes_raw().hex()
    fault = Fault(
        "public_key", "This is no Ed25519 public key.", "Paste its PEM, or its 64 hexadecimal digits."
    )
    raise InputError("The key cannot be read.", faults=[fault])


def _facts(request: Request, person: Person) -> dict[str, Any]:
    at = stamp(now())
    with reading(registry.of(request).whole().engine) as connection:
        rows = repository.keys(connection, person.operator.id)
    return {
        "organisation": person.operator.name,
        "keys": [
            {
                "key_id": one.key_id,
                "custody": one.custody,
                "valid_from": one.valid_from,
                "valid_until": one.valid_until,
                "valid": one.valid_until is None or at < one.valid_until,
            }
            for one in rows
        ],
    }


def _shown() -> dict[str, Any]:
    return {"crumbs": [(_("Producer"), DOOR)], "faults": [], "public_key": ""}


def _again(request: Request, person: Person, error: KitaranError) -> Response:
    faults = [
        {**fault.as_dict(), "field": "public_key" if "key" in fault.place else "", "place": ""}
        for fault in error.faults
    ]
    words = {"twin": f"{HERE}.json", **_facts(request, person), **_shown(), "faults": faults}
    return HTMLResponse(render(request, "producer/keys.html", words), error.http_status)


ENTRY = Entry(pages.router, HERE, label=lambda: _("Keys"), order=223)
