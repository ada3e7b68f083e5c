"""Shipments: what waits for the reader, then the notifications, movements and corridors that it may see."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from fastapi import Request

from kitaran.api import registry
from kitaran.foundation.clock import now
from kitaran.foundation.database import reading
from kitaran.registry.movement import figures, listing, preconsents, waiting
from kitaran.registry.parties.accounts import Person
from kitaran.registry.parties.repository import same_name
from kitaran.web.access import require
from kitaran.web.entries import Entry
from kitaran.web.language import gettext as _
from kitaran.web.movements.frame import HERE, frame, sends
from kitaran.web.pages import Page, Pages

ENDED: Final = frozenset({"withdrawn", "objected", "completed", "cancelled", "taken_back"})
MANY: Final = 8
"""From so many lines on, the page has a field to search them."""
pages = Pages()


@pages.page(HERE, "movements/index.html")
def movements(request: Request) -> Page:
    """What waits for the person's organisation, and everything of shipments that it may see."""
    person = require(request)
    caller, at = person.acts_for, now()
    with reading(registry.of(request).whole().engine) as connection:
        facts = listing.listed(connection, caller, at)
        tasks = waiting.of(connection, caller, facts["notifications"], facts["movements"], at)
        corridors = figures.listed(connection, caller, at)
        reporting = preconsents.facilities_of(connection, caller, at)
    wanted = same_name(request.query_params.get("q", ""))
    told = {name: [one for one in rows if _fits(one, wanted)] for name, rows in facts.items()}
    told = {"tasks": [one for one in tasks if _fits(one, wanted)], **told}
    many = sum(map(len, facts.values())) >= MANY
    shown = {**frame(request), **_shown(person), "ended": ENDED, "searching": bool(wanted) or many}
    return Page(
        {**told, "q": request.query_params.get("q", ""), "corridors": corridors, "preconsents": reporting},
        shown,
    )


def _fits(one: Mapping[str, Any], wanted: str) -> bool:
    """Whether a number, or the name of a side, holds what is searched for."""
    names = ("notification", "movement", "item", "exporter_name", "importer_name", "name")
    return not wanted or any(wanted in same_name(str(one.get(name) or "")) for name in names)


def _shown(person: Person) -> dict[str, Any]:
    """What the page begins with for this role."""
    if sends(person):
        lead = _(
            "A notification asks the authorities for consent. When all have consented, each movement is "
            "announced, checked at the border, received and certified."
        )
    elif "officer" in person.roles:
        lead = _("Movements that cross your border: open one for its card, its papers and your finding.")
    elif "authority" in person.roles:
        lead = _("Notifications that ask for your consent, each with the time that the law leaves you.")
    else:
        lead = _("Notifications and movements that you may read.")
    return {
        "lead": lead,
        "may_notify": sends(person),
        "may_agree": "authority" in person.roles,
        "inspects": "officer" in person.roles,
    }


ENTRY = Entry(pages.router, HERE, door="/move")
