"""`/b/{id}/verify`: whether what is told of a battery is in the log as it was signed, and its bundle."""

from __future__ import annotations

from typing import Any

from fastapi import Request
from fastapi.responses import Response
from sqlalchemy import Connection

from kitaran.api import registry
from kitaran.api.passports import asking
from kitaran.api.passports import facts_of as passport_facts
from kitaran.foundation.database import reading
from kitaran.foundation.errors import NotFoundError
from kitaran.registry.custody import disclosure, evidence
from kitaran.registry.parties.repository import Operator
from kitaran.registry.passport.kinds import item_of
from kitaran.web.battery import words
from kitaran.web.entries import Entry
from kitaran.web.language import gettext as _
from kitaran.web.pages import Page, Pages

pages = Pages()


@pages.page("/b/{battery}/verify", "battery/verify.html")
def verify_page(request: Request, battery: str) -> Page:
    """Every event of the battery of which the reader may know, checked against the signed log."""
    caller, opened = asking(request), registry.of(request)
    if caller is None:
        raise disclosure.unseen(battery)
    opened.signer().sign()
    with reading(opened.whole().engine) as connection:
        told = [one["seq"] for one in _steps(connection, battery, caller)]
        facts = evidence.check(connection, item_of(battery), caller, opened.signer().key, told)
    shown = {
        "battery": battery,
        "event_words": words.event_words(),
        "crumbs": [(_("This battery"), f"/b/{battery}")],
    }
    return Page(facts, shown)


@pages.router.get("/b/{battery}/bundle")
def take_away(request: Request, battery: str) -> Response:
    """The evidence bundle, for who may read the whole history."""
    caller, opened = asking(request), registry.of(request)
    if caller is None:
        raise disclosure.unseen(battery)
    opened.signer().sign()
    engine, key = opened.whole().engine, opened.signer().key
    content = evidence.bundle_for(engine, item_of(battery), caller, key)
    named = f'attachment; filename="battery-{battery[:32]}.json"'
    return Response(content, media_type="application/json", headers={"Content-Disposition": named})


def _steps(connection: Connection, battery: str, caller: Operator) -> list[dict[str, Any]]:
    """What the passport tells of its life; nothing of a part that has none."""
    try:
        found: list[dict[str, Any]] = passport_facts(connection, battery, caller).get("timeline", [])
    except NotFoundError:
        return []
    return found


ENTRY = Entry(pages.router, "/b", None, 91)
