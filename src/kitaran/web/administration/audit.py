"""The audit trail: who came in and what was let in or ended; and the last events of the record."""

from __future__ import annotations

from typing import Annotated, Any, Final

from fastapi import Query, Request
from sqlalchemy import Connection

from kitaran.api import registry
from kitaran.foundation.clock import now
from kitaran.foundation.database import reading
from kitaran.registry.ledger import canonical
from kitaran.registry.ledger import repository as log
from kitaran.registry.parties import access_acts, accounts, repository, sessions
from kitaran.web.access_words import act_words
from kitaran.web.administration.frame import HERE as ADMIN
from kitaran.web.administration.frame import READ_PEOPLE, Section, frame
from kitaran.web.entries import Entry
from kitaran.web.language import gettext as _
from kitaran.web.pages import Page, Pages

HERE: Final = f"{ADMIN}/audit"
AT_ONCE: Final = 100
Before = Annotated[int | None, Query(ge=0, le=2**53)]
pages = Pages()


@pages.page(HERE, "administration/audit.html")
def audit(request: Request, before: Before = None, of: str = "access") -> Page:
    """Newest first, a hundred at once. of : access, or record for the events of the log"""
    shown = frame(request, SECTION)
    with reading(registry.of(request).whole().engine) as connection:
        rows = _events(connection, before) if of == "record" else _acts(connection, before)
    older = rows[-1]["number"] if len(rows) == AT_ONCE else None
    of = "record" if of == "record" else "access"
    return Page({"of": of, "rows": rows, "before": older}, {**shown, "act_words": act_words()})


def _acts(connection: Connection, before: int | None) -> list[dict[str, Any]]:
    people = {one.id: one.name for one in accounts.every(connection)}
    names = {one.id: one.name for one in repository.operators(connection, now())}
    return [
        {
            "number": row.number,
            "at": row.at,
            "what": row.what,
            "account": row.account,
            "person": people.get(row.account or ""),
            "operator": row.operator,
            "organisation": names.get(row.operator or ""),
            "by": row.by,
            "by_person": people.get(row.by or ""),
        }
        for row in access_acts.newest(connection, AT_ONCE, before)
    ]


def _events(connection: Connection, before: int | None) -> list[dict[str, Any]]:
    """The last events of the log; who clicked is told where a session is named."""
    names = {one.id: one.name for one in repository.operators(connection, now())}
    stop = log.size(connection) if before is None else max(0, before)
    rows: list[dict[str, Any]] = []
    for row in log.rows(connection, max(0, stop - AT_ONCE), stop):
        entry = canonical.loads(row.entry)
        envelope = entry["envelope"]
        rows.append(
            {
                "number": row.seq,
                "at": entry["recorded_at"],
                "kind": envelope["kind"],
                "actor": envelope["actor"],
                "organisation": names.get(envelope["actor"]),
                "items": envelope["items"],
                "session": envelope.get("session"),
            }
        )
    clicked = sessions.accounts_of(connection, [one["session"] for one in rows if one["session"]])
    people = {person.id: person.name for person in accounts.every(connection)}
    for one in rows:
        one["account"] = clicked.get(one["session"] or "")
        one["person"] = people.get(one["account"] or "")
    return rows[::-1]


SECTION = Section(HERE, lambda: _("Audit trail"), READ_PEOPLE, order=90)
ENTRY = Entry(pages.router, HERE)
