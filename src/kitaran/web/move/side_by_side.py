"""Terms and policies of many jurisdictions side by side, with their clashes and gaps."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from fastapi import Request
from fastapi.responses import Response

from kitaran.foundation.clock import now
from kitaran.foundation.errors import InputError
from kitaran.foundation.workspace import Workspace
from kitaran.law import packaged_book, tables
from kitaran.law.decision import NOT_A_DETERMINATION
from kitaran.law.definitions import Meaning, side_by_side, slug, terms
from kitaran.law.policies import COUNTED, POLICIES, Policy, profiles
from kitaran.web.language import gettext as _
from kitaran.web.move import rule_words as move_rule_words
from kitaran.web.move import words
from kitaran.web.move.rules import sources_of
from kitaran.web.move.tables import csv_answer
from kitaran.web.pages import Page, Pages

DEFINITIONS, POLICY_PAGE = "/move/definitions", "/move/policies"
pages = Pages()


@pages.page(DEFINITIONS, "move/terms.html")
def term_list(request: Request) -> Page:
    """The terms, how many meanings of each were found, how many clash; and our working definitions."""
    found = [side_by_side(term) for term in terms()]
    listed = [
        {
            "term": one.term,
            "href": f"{DEFINITIONS}/{slug(one.term)}",
            "found": sum(bool(row.text) for row in one.rows),
            "jurisdictions": len(one.rows),
            "clashes": len(one.clashes),
        }
        for one in found
    ]
    facts = {"terms": listed, "working": working_definitions(), "note": NOT_A_DETERMINATION}
    return Page(facts, {"crumbs": _crumbs()})


@pages.router.get(f"{DEFINITIONS}/{{term}}.csv")
def term_csv(term: str) -> Response:
    """A term as CSV."""
    found = side_by_side(term)
    return csv_answer(map(asdict, found.rows), list(Meaning.__dataclass_fields__), f"{slug(found.term)}.csv")


@pages.page(f"{DEFINITIONS}/{{term}}", "move/term.html")
def term_page(request: Request, term: str) -> Page:
    """One term in every jurisdiction, and where the meanings clash."""
    found = side_by_side(term)
    shown = {
        "crumbs": [*_crumbs(), (_("Terms side by side"), DEFINITIONS)],
        "defined": [row for row in found.rows if row.text],
        "undefined": [row for row in found.rows if not row.text],
        "slug": slug(found.term),
        **_words(),
    }
    return Page(found.as_dict(), shown)


@pages.router.get(f"{POLICY_PAGE}.csv")
def policies_csv() -> Response:
    """Policies as CSV."""
    rows = (asdict(one) for profile in profiles() for one in profile.policies)
    return csv_answer(rows, list(Policy.__dataclass_fields__), "policies.csv")


@pages.page(POLICY_PAGE, "move/policies.html")
def policies_page(request: Request, place: str = "") -> Page:
    """Who has what, since when, and what is missing against the front-runner."""
    found = profiles()
    known = [profile.cc for profile in found]
    if place and place not in known:
        raise InputError(f"{place!r} has no policies here.", "place", f"Use one of {', '.join(known)}.")
    facts = {
        "jurisdictions": [profile.as_dict() for profile in found],
        "front_runner": found[0].cc,
        "note": NOT_A_DETERMINATION,
    }
    shown = {
        "crumbs": _crumbs(),
        "policies": POLICIES,
        "counted": COUNTED,
        "place": place,
        "today": now().date().isoformat(),
        "detailed": [profile for profile in found if place in ("", profile.cc)],
        "place_options": [("", _("All jurisdictions")), *((one.cc, one.name) for one in found)],
        **_words(),
    }
    return Page(facts, shown)


def working_definitions() -> list[dict[str, str]]:
    """Our own working definitions, each with the text that it follows."""
    return tables.packaged_rows("working_definitions.csv")


def _words() -> dict[str, Any]:
    sources = packaged_book().sources
    return {
        "words": words,
        "rule_words": move_rule_words,
        "sources_of": lambda cell: sources_of(cell, sources),
    }


def _crumbs() -> list[tuple[str, str]]:
    return [(_("May it cross?"), "/move")]


def paths(_workspace: Workspace) -> Iterable[str]:
    """Policies, the list of terms, and every term."""
    yield POLICY_PAGE
    yield DEFINITIONS
    yield from (f"{DEFINITIONS}/{slug(term)}" for term in terms())
