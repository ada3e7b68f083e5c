"""About: what is counted, how sure it is, whose figures they are, under which licences."""

from __future__ import annotations

from collections import Counter
from typing import Any

from fastapi import Request

from kitaran import reference
from kitaran.foundation.workspace import Workspace
from kitaran.reference import FactTable
from kitaran.web.entries import Entry
from kitaran.web.grades import GRADES, grade_means, grade_words
from kitaran.web.language import gettext as _
from kitaran.web.pages import Page, Pages
from kitaran.web.results import Results, current

pages = Pages()


@pages.page("/about", "about.html")
def about(request: Request) -> Page:
    """What Kitaran counts and what it rests on."""
    workspace: Workspace = request.app.state.workspace
    sources = reference.read("sources", workspace.overrides)
    results = current(workspace)
    facts: dict[str, Any] = {
        "grades": [{"grade": g, "words": grade_words(g), "means": grade_means(g)} for g in GRADES],
        "sources": {"count": len(sources), "kinds": _kinds(sources), "read": _read(sources)},
        "licences": _counted(sources, "licence"),
        "results": _grades_of(results) if results else None,
    }
    return Page(facts)


def _counted(sources: FactTable, column: str) -> list[dict[str, Any]]:
    counts = Counter(row.text(column) for row in sources if row.text(column))
    return [{"name": name, "count": count} for name, count in counts.most_common()]


def _kinds(sources: FactTable) -> list[dict[str, Any]]:
    words = {
        "official": _("official bodies"),
        "publisher": _("named publishers and journals"),
        "press": _("press"),
        "repository": _("open data sets and software"),
        "assumption": _("assumptions, ours or a publisher's"),
        "mirror": _("mirrors and trade sites"),
        "own": _("own figures"),
    }
    return [{**each, "words": words.get(each["name"], each["name"])} for each in _counted(sources, "kind")]


def _read(sources: FactTable) -> list[dict[str, Any]]:
    words = {
        "primary": _("read where they were first published"),
        "secondary": _("read in another publication that cites them"),
        "none": _("not read by us; the figure was handed on"),
    }
    return [{**each, "words": words.get(each["name"], each["name"])} for each in _counted(sources, "seen")]


def _grades_of(results: Results) -> dict[str, int]:
    """How many economies have each grade in the run that is shown."""
    grades = [results.grade(code) for code in results.economies]
    counts = Counter(each["grade"] for each in grades if each)
    return {grade: counts[grade] for grade in GRADES if counts[grade]}


ENTRY = Entry(pages.router, "/about", order=900, paths=lambda _: ["/about"])
