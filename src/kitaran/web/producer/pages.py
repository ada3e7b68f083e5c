"""What a maker has issued and what became of it, and its batteries by serial number or code."""

from __future__ import annotations

from typing import Any, Final

from fastapi import Request

from kitaran.api import issuing, registry
from kitaran.foundation.database import reading
from kitaran.foundation.errors import InputError
from kitaran.registry.custody.fate import CLASSES, Fates, fates
from kitaran.registry.passport import issues, repository, sent_files
from kitaran.registry.passport.names import code_alias
from kitaran.web.access import require
from kitaran.web.entries import Entry
from kitaran.web.language import gettext as _
from kitaran.web.pages import Page, Pages
from kitaran.web.producer.words import ISSUERS, fate_words, state_words

HERE: Final = "/producer"
FOUND_AT_ONCE: Final = 50
ISSUES_SHOWN: Final = 8
pages = Pages()


@pages.page(HERE, "producer/overview.html")
def overview(request: Request, find: str = "", page: int = 1) -> Page:
    """Numbers by model and year, the last issues, files that wait; with `find`, batteries of that name."""
    person = require(request, *ISSUERS)
    operator, wanted = person.operator.id, find.strip()[:500]
    with reading(registry.of(request).whole().engine) as connection:
        numbers = fates(connection, operator)
        models = repository.models(connection, operator)
        issued = issues.count(connection, operator)
        pages_of = max(1, -(-issued // ISSUES_SHOWN))
        at_page = min(max(1, page), pages_of)
        newest = issues.newest(connection, operator, ISSUES_SHOWN, (at_page - 1) * ISSUES_SHOWN)
        found = _found(connection, operator, wanted) if wanted else []
    waiting = sent_files.waiting(issuing.of(request).folder, operator)
    names = {one.id: str(one.content["model_name"]) for one in models}
    facts = {
        "organisation": person.operator.name,
        "find": wanted,
        "found": [_battery(one, names) for one in found],
        "models": len(models),
        "totals": _totals(numbers),
        "numbers": [
            {"model": one.model, "year": one.year, "issued": one.issued, **one.counts} for one in numbers
        ],
        "issues": [
            {"seq": one.seq, "at": one.at, "count": one.count, "models": list(one.models)} for one in newest
        ],
        "issues_in_all": issued,
        "page": at_page,
        "waiting": [
            {
                "file": one.id,
                "name": one.name,
                "sent_at": one.sent_at,
                "errors": None if one.checked is None else one.checked["error_count"],
            }
            for one in waiting
        ],
    }
    words = {"fate_words": fate_words(), "state_words": state_words(), "classes": CLASSES, "names": names}
    pager = {
        "page": at_page,
        "pages": pages_of,
        "total": issued,
        "url": lambda at: f"{HERE}?page={at}#issues",
    }
    return Page(facts, {**words, "pager": pager})


def _found(connection: Any, operator: str, wanted: str) -> list[repository.Battery]:
    """Batteries with this serial number, id or code, of this operator alone."""
    by_serial = repository.batteries(connection, operator, limit=FOUND_AT_ONCE, serial_number=wanted)
    by_id = repository.battery(connection, wanted)
    if by_id is not None and by_id.operator == operator:
        return [by_id]
    try:
        by_code = repository.batteries(connection, operator, limit=FOUND_AT_ONCE, code=code_alias(wanted))
    except InputError:
        by_code = []
    known = {one.id for one in by_serial}
    return [*by_serial, *(one for one in by_code if one.id not in known)]


def _battery(one: repository.Battery, names: dict[str, str]) -> dict[str, Any]:
    return {
        "id": one.id,
        "model": one.model,
        "model_name": names.get(one.model or "", ""),
        "serial_number": one.serial_number,
        "state": one.state,
        "status": one.status,
        "at": one.at,
    }


def _totals(numbers: list[Fates]) -> dict[str, int]:
    counts = {name: sum(one.counts[name] for one in numbers) for name in CLASSES}
    return {"issued": sum(counts.values()), **counts}


ENTRY = Entry(pages.router, HERE, label=lambda: _("Producer"), order=220)
