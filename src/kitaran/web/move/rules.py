"""The rule book: every statement of the law by jurisdiction and stage, its article and how sure it is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from fastapi import Request
from fastapi.responses import Response

from kitaran.foundation.errors import InputError, NotFoundError
from kitaran.foundation.workspace import Workspace
from kitaran.law import Book
from kitaran.law.decision import NOT_A_DETERMINATION
from kitaran.law.records import Source
from kitaran.web.language import gettext as _
from kitaran.web.move import rule_words
from kitaran.web.move.facts import book_of
from kitaran.web.move.statements import EVERYWHERE, STAGES, Statement, slug, statements
from kitaran.web.move.tables import csv_answer
from kitaran.web.pages import Page, Pages

HERE = "/move/rules"
OPEN_UP_TO = 40  # a longer stage is folded until it is asked for by itself
pages = Pages()


@pages.page(HERE, "move/rules.html")
def rules(request: Request, place: str = "", stage: str = "", words: str = "") -> Page:
    """The statements of a jurisdiction, a stage, or with some words; without a wish, what there is."""
    book = book_of(request.app.state.workspace)
    every = statements(book)
    names = place_names(every, book)
    _checked(place, names, "place")
    _checked(stage, STAGES, "stage")
    asked = bool(place or stage or words.strip())
    kept = _kept(every, place, stage, words) if asked else ()
    listed = [told(row, book) for row in kept]
    facts = {
        "statements": listed,
        "places": [
            {"place": code, "name": name, "statements": count, "stages": dict(stages)}
            for (code, name), (count, stages) in zip(names.items(), _counts(every, names), strict=True)
        ],
        "rules_version": book.rules_version,
        "facts_version": book.facts_version,
        "note": NOT_A_DETERMINATION,
    }
    shown = {
        "asked": asked,
        "place": place,
        "stage": stage,
        "words": words,
        "place_name": names.get(place, ""),
        "groups": _groups(listed, bool(stage)),
        "place_options": [("", _("All jurisdictions")), *names.items()],
        "stage_options": [("", _("All steps")), *((each, rule_words.stage_words(each)) for each in STAGES)],
        "stages": STAGES,
        "rule_words": rule_words,
        "crumbs": [(_("May it cross?"), "/move"), *([(_("Rule book"), HERE)] if asked else [])],
    }
    return Page(facts, shown)


@pages.router.get(f"{HERE}.csv")
def rules_csv(request: Request, place: str = "", stage: str = "", words: str = "") -> Response:
    """The same statements as CSV."""
    book = book_of(request.app.state.workspace)
    every = statements(book)
    _checked(place, place_names(every, book), "place")
    _checked(stage, STAGES, "stage")
    kept = _kept(every, place, stage, words)
    rows = [
        {
            **row.as_dict(),
            "places": "|".join(row.places),
            "details": "; ".join(f"{name}: {value}" for name, value in row.details),
        }
        for row in kept
    ]
    return csv_answer(rows, list(Statement.__dataclass_fields__), "rule-book.csv")


@pages.page(f"{HERE}/{{rule_id}}", "move/rule.html")
def rule(request: Request, rule_id: str) -> Page:
    """One statement: in words, when it applies, where it stands, how sure it is, from which source."""
    book = book_of(request.app.state.workspace)
    every = statements(book)
    for row in every:
        if row.slug == slug(rule_id):
            names = place_names(every, book)
            crumbs = [(_("May it cross?"), "/move"), (_("Rule book"), HERE)]
            crumbs += [(names[place], f"{HERE}?place={place}") for place in row.places]
            facts = {**told(row, book), "note": NOT_A_DETERMINATION}
            return Page(facts, {"rule_words": rule_words, "crumbs": crumbs})
    raise NotFoundError(
        f"The rule {rule_id!r} stands in no table.", "rule_id", "Choose one of the rule book, /move/rules."
    )


def told(row: Statement, book: Book) -> dict[str, Any]:
    """A statement with its address, the names of its places and its sources."""
    return {
        **row.as_dict(),
        "slug": row.slug,
        "href": f"{HERE}/{row.slug}",
        "sources": sources_of(row.source, book.sources),
    }


def sources_of(cell: str, sources: Mapping[str, Source]) -> list[dict[str, str]]:
    """What stands in a cell of sources, each with title and address where the register has it."""
    found = []
    for part in filter(None, (each.strip() for each in cell.split(";"))):
        known = sources.get(part) or sources.get(part.split(" ")[0])
        place = known.place if known else ""
        found.append(
            {
                "source": part,
                "title": known.title if known else part,
                "publisher": known.publisher if known else "",
                "place": place,
                "href": place if place.startswith(("https://", "http://")) and " " not in place else "",
            }
        )
    return found


def place_names(every: Iterable[Statement], book: Book) -> dict[str, str]:
    """The jurisdictions that have statements: those of every route first, then by name."""
    codes = {place for row in every for place in row.places} - {EVERYWHERE}
    named = sorted((book.country_name(code), code) for code in codes)
    return {EVERYWHERE: _("Rules of every route"), **{code: name for name, code in named}}


def _counts(every: Sequence[Statement], names: Mapping[str, str]) -> list[tuple[int, Counter[str]]]:
    stages = {place: Counter(row.stage for row in every if place in row.places) for place in names}
    return [(sum(stages[place].values()), stages[place]) for place in names]


def _kept(every: Iterable[Statement], place: str, stage: str, words: str) -> tuple[Statement, ...]:
    wanted = words.lower().split()
    return tuple(
        row
        for row in every
        if (not place or place in row.places)
        and (not stage or stage == row.stage)
        and all(word in _searched(row) for word in wanted)
    )


def _searched(row: Statement) -> str:
    details = " ".join(value for _name, value in row.details)
    return f"{row.id} {row.field} {row.text} {row.cite} {row.source} {details}".lower()


def _groups(kept: Sequence[Mapping[str, Any]], one_stage: bool) -> list[dict[str, Any]]:
    """The statements by stage, in the order of the decision."""
    groups = []
    for stage in STAGES:
        rows = [row for row in kept if row["stage"] == stage]
        if rows:
            unfolded = one_stage or len(kept) <= OPEN_UP_TO
            groups.append({"stage": stage, "rows": rows, "open": unfolded})
    return groups


def _checked(wish: str, known: Iterable[str], name: str) -> None:
    if wish and wish not in known:
        raise InputError(f"{wish!r} is no {name} of the rule book.", name, f"Use one of {', '.join(known)}.")


def paths(_workspace: Workspace) -> Iterable[str]:
    """Some of each kind of page."""
    yield HERE
    yield f"{HERE}?place=TH"
    yield f"{HERE}?stage=waste"
    yield f"{HERE}/W01"
