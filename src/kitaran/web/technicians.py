"""Certified technicians: those of the reader's organisation; all of them for who reads everything."""

from __future__ import annotations

from dataclasses import asdict
from typing import Final

from fastapi import Request

from kitaran.api import registry
from kitaran.foundation.clock import now
from kitaran.foundation.database import reading
from kitaran.registry.parties.roles import READS_ALL
from kitaran.registry.parties.technicians import repository
from kitaran.web.access import require
from kitaran.web.entries import Entry
from kitaran.web.pages import Page, Pages
from kitaran.web.parties_clicks import rooms
from kitaran.web.parties_words import scope_words

HERE: Final = "/technicians"
pages = Pages()


@pages.page(HERE, "parties/technicians.html")
def technicians(request: Request) -> Page:
    """Certificates with whose they are."""
    person = require(request)
    operator = None if person.roles & READS_ALL else person.operator.id
    with reading(registry.of(request).whole().engine) as connection:
        found = repository.certificates(connection, operator)
    at = now()
    facts = {"certificates": [asdict(one) | {"valid": one.valid_at(at)} for one in found]}
    return Page(facts, {"rooms": rooms(request, HERE), "scope_words": scope_words(), "crumbs": []})


ENTRY = Entry(pages.router, HERE)
