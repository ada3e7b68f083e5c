"""The administration's first page: is the record whole, who is here, what needs a hand."""

from __future__ import annotations

from typing import Any, Final

from fastapi import Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import Engine

from kitaran.api import registry
from kitaran.foundation.clock import now, stamp
from kitaran.foundation.database import reading
from kitaran.registry.ledger import repository as log
from kitaran.registry.ledger.verify import verify_log
from kitaran.registry.parties import accounts, repository, sessions, tokens
from kitaran.registry.store import opening
from kitaran.web.access import require
from kitaran.web.administration.frame import HERE, READ_ALL, READ_PEOPLE, Section, frame
from kitaran.web.entries import Entry
from kitaran.web.language import gettext as _
from kitaran.web.pages import Page, Pages

PROBLEMS_SHOWN: Final = 20
pages = Pages()


@pages.page(HERE, "administration/overview.html")
def overview(request: Request) -> Page:
    """The record's health, and how many organisations, people and tokens there are."""
    shown = frame(request, SECTION)
    engine = registry.of(request).whole().engine
    people = bool(require(request).roles & set(READ_PEOPLE))
    facts: dict[str, Any] = {
        "ledger": _ledger(engine),
        "verified": getattr(request.app.state, "verified", None),
        "counts": _counts(engine, people),
    }
    return Page(facts, shown)


@pages.router.post(f"{HERE}/verify")
def verify(request: Request) -> Response:
    """Re-read and re-hash the whole log, now; what was found stands on the page until the next time."""
    require(request, *READ_ALL)
    opened = registry.of(request)
    place = request.app.state.workspace
    engine = opened.whole().engine
    found = verify_log(
        engine, opening.log_key(engine, place), opening.last_signed(place).read(), signatures=True
    )
    request.app.state.verified = {
        "at": stamp(),
        "size": found.size,
        "root": found.root.hex(),
        "intact": not found.problems,
        "problems": [str(problem) for problem in found.problems[:PROBLEMS_SHOWN]],
        "problem_count": len(found.problems),
    }
    return RedirectResponse(HERE, 303)


def _ledger(engine: Engine) -> dict[str, Any]:
    with reading(engine) as connection:
        size, last = log.size(connection), log.last_checkpoint(connection)
        cosigned = log.last_cosigned(connection, 0)
        witnesses = [] if last is None else sorted(log.cosignatures(connection, last.size))
        return {
            "origin": log.origin(connection),
            "size": size,
            "signed_size": 0 if last is None else last.size,
            "signed_at": None if last is None else last.signed_at,
            "unsigned": size - (0 if last is None else last.size),
            "cosigned_size": cosigned,
            "witnesses": [key.split("+")[0] for key in witnesses],
            "store": engine.dialect.name,
        }


def _counts(engine: Engine, people: bool) -> dict[str, int]:
    at = now()
    with reading(engine) as connection:
        counts = {"operators": len(repository.operators(connection, at))}
        if people:
            counts["people"] = sum(one.ended_at is None for one in accounts.every(connection))
            counts["sessions"] = len(sessions.every(connection))
            counts["tokens"] = sum(one.valid_at(at) for one in tokens.every(connection))
    return counts


SECTION = Section(HERE, lambda: _("Overview"), order=0)
ENTRY = Entry(pages.router, HERE)
