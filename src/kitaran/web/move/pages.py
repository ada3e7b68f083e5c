"""May this battery cross this border? Five questions, one card, every reason; letters and forms."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from fastapi import Request

from kitaran.foundation.clock import now
from kitaran.foundation.errors import InputError
from kitaran.foundation.workspace import Workspace
from kitaran.law import Decision, decide, packaged_book
from kitaran.law.decision import NOT_A_DETERMINATION
from kitaran.law.letters import letters
from kitaran.web.entries import Entry
from kitaran.web.language import gettext as _
from kitaran.web.move import fact_pages as move_fact_pages
from kitaran.web.move import facts as move_facts
from kitaran.web.move import papers as move_papers
from kitaran.web.move import rule_words as move_rule_words
from kitaran.web.move import rules as move_rules
from kitaran.web.move import side_by_side as move_side_by_side
from kitaran.web.move import targets as move_targets
from kitaran.web.move import words
from kitaran.web.move.card import below_card, card_of
from kitaran.web.move.case import LEAVING, NO_TRANSIT, OVER, SHORT, Answers, answers_of, case_of, query_of
from kitaran.web.move.facts import book_of
from kitaran.web.move.statements import slug as rule_slug
from kitaran.web.pages import Page, Pages

HERE = "/move"
pages = Pages()
for _door in (move_facts, move_fact_pages, move_papers, move_rules, move_side_by_side, move_targets):
    pages.router.include_router(_door.pages.router)
_FIRST = (*SHORT, OVER, LEAVING)
_FIELD_OF_FACT = {fact: name for name, fact in SHORT.items()} | {
    "route.transit": f"{OVER}-1",
    "as_of": LEAVING,
}
Faults = Sequence[Mapping[str, str]]


@pages.page(HERE, "move/index.html")
def move(request: Request) -> Page:
    """The five questions; and the decision, once there is an answer to each."""
    answers = answers_of(request.query_params.multi_items())
    today = now().date().isoformat()
    book = book_of(request.app.state.workspace)
    shown: dict[str, Any] = {
        "card": None,
        "form": _form(answers, today),
        "rules_day": book.rules_version.partition("+")[0],
        "query": query_of(answers),
    }
    try:
        case = case_of(answers, today)
    except InputError as error:
        return _not_yet(shown, [_at_field(fault.as_dict()) for fault in error.faults], 422)
    lacking = [fact for fact in (*SHORT.values(), "route.transit") if fact not in case.facts]
    if lacking:
        return _not_yet(shown, [_unanswered(fact) for fact in lacking] if answers else [])
    decision = decide(case, book)
    shown |= {
        "card": card_of(case, decision, book),
        **below_card(case, decision, book),
        "printable": move_papers.links(decision, query_of(answers)),
        "words": words,
        "rule_words": move_rule_words,
        "slug": rule_slug,
        "kept": answers,
        "faults": [],
    }
    return Page({"decision": decision.as_dict(), "note": NOT_A_DETERMINATION}, shown)


@pages.page(f"{HERE}/letter", "move/letter.html")
def letter_page(request: Request) -> Page:
    """The letters to the authorities, to print."""
    found = letters(_decided(request))
    facts = {"letters": [one.as_dict() for one in found], "note": NOT_A_DETERMINATION}
    return Page(facts, {"crumbs": _crumbs_to(request)})


def _not_yet(shown: Mapping[str, Any], faults: Faults, status: int = 200) -> Page:
    """The questions again, with what is missing or wrong beside its field."""
    facts = {"decision": None, "faults": list(faults), "note": NOT_A_DETERMINATION}
    return Page(facts, shown, status)


def _at_field(fault: Mapping[str, str]) -> dict[str, str]:
    """A fault of a case at the field of the form that gave it, in words of the form."""
    fact = fault["place"].removeprefix("case.").removeprefix("facts.")
    field = _FIELD_OF_FACT.get(fact, "")
    if not field:
        return {**fault, "field": "", "place": fact}
    remedy = _("Write the day as year-month-day.") if field == LEAVING else _("Choose one of the list.")
    return {"field": field, "place": "", "cause": fault["cause"], "remedy": remedy}


def _unanswered(fact: str) -> dict[str, str]:
    question = words.question_words(fact)
    return {
        "field": _FIELD_OF_FACT[fact],
        "place": "",
        "cause": _("Not answered: %(question)s") % {"question": question},
        "remedy": _("Choose one of the list."),
    }


def _decided(request: Request) -> Decision:
    """The decision on the case of an address, with the workspace's own facts."""
    answers = answers_of(request.query_params.multi_items())
    return decide(case_of(answers, now().date().isoformat()), book_of(request.app.state.workspace))


def _crumbs_to(request: Request) -> list[tuple[str, str]]:
    """The way back to the answer."""
    query = query_of(answers_of(request.query_params.multi_items()))
    return [(_("May it cross?"), HERE), *([(_("The answer"), f"{HERE}?{query}")] if query else [])]


def _form(answers: Answers, today: str) -> dict[str, Any]:
    """The five questions with their choices and what was answered."""
    given = dict(answers)
    return {
        "choices": words.choices(),
        "countries": _countries(),
        "given": {name: given.get(name, "") for name in SHORT},
        "over": [value for name, value in answers if name == OVER] or [NO_TRANSIT],
        "leaving": given.get(LEAVING, today),
    }


def _countries() -> list[tuple[str, list[tuple[str, str]]]]:
    """All countries by name, those whose law stands in the tables first."""
    book = packaged_book()
    named = sorted(book.countries.items(), key=lambda pair: pair[1])
    known = {row.cc for row in book.statuses}
    return [
        (_("Their law stands in the tables"), [pair for pair in named if pair[0] in known]),
        (_("Others"), [pair for pair in named if pair[0] not in known]),
    ]


def _paths(workspace: Workspace) -> Iterable[str]:
    asked = (
        "kind=ev_pack&chemistry=NMC&condition=non_functional&purpose=recycling&from=LA&to=KR&over=TH&mode=sea"
    )
    yield HERE
    yield f"{HERE}?{asked}"
    yield f"{HERE}/letter?{asked}"
    yield f"{HERE}/papers?{asked}"
    yield from (f"{HERE}/papers/{name}?{asked}" for name in ("notification", "dangerous_goods", "letter-1"))
    yield move_facts.HERE
    for door in (move_fact_pages, move_rules, move_side_by_side, move_targets):
        yield from door.paths(workspace)


ENTRY = Entry(pages.router, HERE, label=lambda: _("May it cross?"), order=200, paths=_paths)
