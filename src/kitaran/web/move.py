"""May this battery cross this border? Five questions, one card, every reason; letters, terms and policies."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

from fastapi import Request
from fastapi.responses import Response

from kitaran.foundation.clock import now
from kitaran.foundation.workspace import Workspace
from kitaran.law import Case, Decision, decide, packaged_book
from kitaran.law.decision import NOT_A_DETERMINATION
from kitaran.law.definitions import Meaning, side_by_side, slug, terms
from kitaran.law.forms import form
from kitaran.law.interview import Asked, next_questions
from kitaran.law.letters import letters
from kitaran.law.policies import COUNTED, POLICIES, Policy, profiles
from kitaran.web import move_fact_pages, move_facts, move_rule_words, move_rules, move_targets
from kitaran.web import move_words as words
from kitaran.web.entries import Entry
from kitaran.web.language import gettext as _
from kitaran.web.move_case import LEAVING, NO_TRANSIT, OVER, SHORT, Answers, answers_of, case_of, query_of
from kitaran.web.move_facts import book_of
from kitaran.web.move_statements import slug as rule_slug
from kitaran.web.move_tables import csv_answer
from kitaran.web.pages import Page, Pages

HERE = "/move"
pages = Pages()
for _door in (move_facts, move_fact_pages, move_rules, move_targets):
    pages.router.include_router(_door.pages.router)
_FIRST = (*SHORT, OVER, LEAVING)


@pages.page(HERE, "move/index.html")
def move(request: Request) -> Page:
    """The five questions; and the decision, once there is an answer to each."""
    answers = answers_of(request.query_params.multi_items())
    today = now().date().isoformat()
    case = case_of(answers, today)
    book = book_of(request.app.state.workspace)
    shown = {
        "form": _form(answers, today),
        "rules_day": book.rules_version.partition("+")[0],
        "words": words,
        "rule_words": move_rule_words,
        "slug": rule_slug,
        "query": query_of(answers),
    }
    if not answers or any(fact not in case.facts for fact in (*SHORT.values(), "route.transit")):
        return Page({"decision": None, "note": NOT_A_DETERMINATION}, {**shown, "asked": bool(answers)})
    decision = decide(case, book)
    shown |= {
        "card": words.card_words(decision.card),
        "tone": words.TONES[decision.card],
        "deciding": [question for question in decision.questions if question.decides],
        "others": [question for question in decision.questions if not question.decides],
        "route": _route(case, decision),
        "follow_ups": [_follow_up(asked) for asked in next_questions(case, book)],
        "kept": answers,
        "papers": _papers(decision),
        "crumbs": [(_("May it cross?"), HERE)],
    }
    return Page({"decision": decision.as_dict(), "note": NOT_A_DETERMINATION}, {**shown, "asked": True})


@pages.page(f"{HERE}/letter", "move/letter.html")
def letter_page(request: Request) -> Page:
    """The letters to the authorities, to print."""
    decision = _decided(request)
    facts = {"letters": [one.as_dict() for one in letters(decision)], "note": NOT_A_DETERMINATION}
    return Page(facts, {"crumbs": [(_("May it cross?"), HERE)]})


@pages.page(f"{HERE}/forms/{{name}}", "move/form.html")
def form_page(request: Request, name: str) -> Page:
    """The notification or the movement document, filled as far as the case is known."""
    book = book_of(request.app.state.workspace)
    return Page(form(name, _decided(request), book).as_dict(), {"crumbs": [(_("May it cross?"), HERE)]})


@pages.page(f"{HERE}/definitions", "move/terms.html")
def term_list(request: Request) -> Page:
    """The terms that are laid side by side."""
    known = [{"term": term, "href": f"{HERE}/definitions/{slug(term)}"} for term in terms()]
    return Page({"terms": known, "note": NOT_A_DETERMINATION}, {"crumbs": [(_("May it cross?"), HERE)]})


@pages.router.get(f"{HERE}/definitions/{{term}}.csv")
def term_csv(term: str) -> Response:
    """A term as CSV."""
    found = side_by_side(term)
    return csv_answer(map(asdict, found.rows), list(Meaning.__dataclass_fields__), f"{slug(found.term)}.csv")


@pages.page(f"{HERE}/definitions/{{term}}", "move/term.html")
def term_page(request: Request, term: str) -> Page:
    """One term in every jurisdiction, and where the meanings clash."""
    found = side_by_side(term)
    crumbs = [(_("May it cross?"), HERE), (_("Terms side by side"), f"{HERE}/definitions")]
    return Page(found.as_dict(), {"crumbs": crumbs, "words": words, "slug": slug(found.term)})


@pages.router.get(f"{HERE}/policies.csv")
def policies_csv() -> Response:
    """Policies as CSV."""
    rows = (asdict(one) for profile in profiles() for one in profile.policies)
    return csv_answer(rows, list(Policy.__dataclass_fields__), "policies.csv")


@pages.page(f"{HERE}/policies", "move/policies.html")
def policies_page(request: Request) -> Page:
    """Who has what, since when, and what is missing against the front-runner."""
    facts = {"jurisdictions": [profile.as_dict() for profile in profiles()], "note": NOT_A_DETERMINATION}
    shown = {"crumbs": [(_("May it cross?"), HERE)], "words": words, "policies": POLICIES, "counted": COUNTED}
    return Page(facts, shown)


def _decided(request: Request) -> Decision:
    """The decision on the case of an address, with the workspace's own facts."""
    answers = answers_of(request.query_params.multi_items())
    return decide(case_of(answers, now().date().isoformat()), book_of(request.app.state.workspace))


def _form(answers: Answers, today: str) -> dict[str, Any]:
    """The five questions with their choices and what was answered."""
    countries = sorted(packaged_book().countries.items(), key=lambda pair: pair[1])
    given = dict(answers)
    return {
        "choices": words.choices(),
        "countries": countries,
        "given": {name: given.get(name, "") for name in SHORT},
        "over": [value for name, value in answers if name == OVER] or [NO_TRANSIT],
        "leaving": given.get(LEAVING, today),
        "kept": [(name, value) for name, value in answers if name not in _FIRST],
    }


def _route(case: Case, decision: Decision) -> list[str]:
    names = packaged_book().country_name
    facts = case.facts
    stops: Sequence[str] = (facts["route.export"], *facts["route.transit"], facts["route.import"])
    return [names(cc) for cc in stops]


def _follow_up(asked: Asked) -> dict[str, Any]:
    """A question that can change the answer, as fields of a form."""
    known = words.choices()
    fields: list[dict[str, Any]] = []
    for fact in asked.facts:
        group = fact.split(".")[0]
        if fact == "item.soc_pct":
            fields.append({"name": fact, "choices": None})
        elif group == "positions":
            fields.append({"name": fact, "choices": known["positions"]})
        elif group == "licences":
            fields.append({"name": fact, "choices": known["held"]})
        else:
            fields.append({"name": fact, "choices": known.get(fact.rpartition(".")[2], known["yes_no"])})
    return {"text": asked.text, "because": asked.because, "fields": fields}


def _papers(decision: Decision) -> list[dict[str, Any]]:
    states = {"held": _("held"), "missing": _("missing"), "to produce": _("to produce")}
    return [{**paper, "state_words": states[paper["state"]]} for paper in decision.as_dict()["documents"]]


def _paths(_workspace: Workspace) -> Iterable[str]:
    asked = (
        "kind=ev_pack&chemistry=NMC&condition=non_functional&purpose=recycling&from=LA&to=KR&over=TH&mode=sea"
    )
    yield HERE
    yield f"{HERE}?{asked}"
    yield f"{HERE}/letter?{asked}"
    yield f"{HERE}/forms/notification?{asked}"
    yield f"{HERE}/forms/movement?{asked}"
    yield f"{HERE}/policies"
    yield f"{HERE}/own-facts"
    yield from move_fact_pages.paths(_workspace)
    yield from move_rules.paths(_workspace)
    yield from move_targets.paths(_workspace)
    yield f"{HERE}/definitions"
    yield from (f"{HERE}/definitions/{slug(term)}" for term in terms())


ENTRY = Entry(pages.router, HERE, label=lambda: _("May it cross?"), order=200, paths=_paths)
