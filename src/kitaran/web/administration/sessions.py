"""Every open session of the installation, and the hand to end one."""

from __future__ import annotations

from typing import Annotated, Any, Final

from fastapi import Form, Request
from fastapi.responses import RedirectResponse, Response

from kitaran.api import registry
from kitaran.foundation.database import reading, writing
from kitaran.registry.parties import accounts, sessions
from kitaran.registry.parties.access_acts import record
from kitaran.web.access import require
from kitaran.web.administration.frame import HERE as ADMIN
from kitaran.web.administration.frame import READ_PEOPLE, Section, frame
from kitaran.web.entries import Entry
from kitaran.web.language import gettext as _
from kitaran.web.pages import Page, Pages

HERE: Final = f"{ADMIN}/sessions"
pages = Pages()


@pages.page(HERE, "administration/sessions.html")
def sessions_page(request: Request) -> Page:
    """Who is signed in now."""
    shown = frame(request, SECTION)
    person = require(request)
    with reading(registry.of(request).whole().engine) as connection:
        people = {one.id: one for one in accounts.every(connection)}
        rows: list[dict[str, Any]] = [
            {
                "session": one.id,
                "account": one.account,
                "name": people[one.account].name,
                "organisation": people[one.account].operator.name,
                "means": one.means,
                "made_at": one.made_at,
                "seen_at": one.seen_at,
                "this": one.id == person.session,
            }
            for one in sessions.every(connection)
        ]
    return Page({"sessions": rows}, {**shown, "may_change": "administrator" in person.roles})


@pages.router.post(f"{HERE}/end")
def end(request: Request, session: Annotated[str, Form()]) -> Response:
    """End a session of anybody."""
    by = require(request, "administrator")
    with writing(registry.of(request).whole().engine) as connection:
        owner = sessions.end(connection, session)
        if owner is not None:
            record(connection, "session_ended", owner, accounts.get(connection, owner).operator.id, by.id)
    return RedirectResponse(HERE, 303)


SECTION = Section(HERE, lambda: _("Sessions"), READ_PEOPLE, order=50)
ENTRY = Entry(pages.router, HERE)
