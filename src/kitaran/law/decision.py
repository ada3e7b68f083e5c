"""The decision on one case: the stages in the law's order, and everything an officer needs beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from kitaran.law.asking import all_questions, facts_to_ask
from kitaran.law.book import Book, packaged_book
from kitaran.law.case import ITEMS, Case
from kitaran.law.clocks import deadlines_of
from kitaran.law.control import Control, find_control
from kitaran.law.documents import documents_of
from kitaran.law.loads import cases_of, of_items
from kitaran.law.reasons import Question
from kitaran.law.situation import Situation
from kitaran.law.transport import Transport, find_transport
from kitaran.law.waste import Finding, find_status

NOT_A_DETERMINATION = "Not a determination by a competent authority."
MAY_MOVE = ("MAY MOVE", "DOMESTIC RULES")
_CARDS = {
    "permitted": "MAY MOVE",
    "permitted_with_consent": "MAY MOVE",
    "permitted_domestic_rules": "DOMESTIC RULES",
    "blocked_pending_consent": "NEEDS CONSENT",
    "blocked_missing_evidence": "PAPERS MISSING",
    "escalate": "ASK THE AUTHORITY",
    "forbidden": "MUST NOT",
}


@dataclass(frozen=True, slots=True)
class Decision:
    """What the law says of a case, as far as it is known."""

    case: Case
    status: str
    movement: str
    procedure: str
    basel_entry: tuple[str, ...]
    hazard_basis: str
    missing: tuple[str, ...]
    decision_period: str | None
    transport: Transport
    card: str
    reasons: list[dict[str, str]]
    questions: tuple[Question, ...]
    facts_to_ask: tuple[str, ...]
    deadlines: list[dict[str, str]]
    documents: list[dict[str, Any]]
    authorities: list[dict[str, str]]
    rules_version: str
    facts_version: str
    known_on: str
    own_facts: tuple[str, ...]
    items: tuple[dict[str, Any], ...] = ()

    @property
    def may_move(self) -> bool:
        """May it move as it stands?"""
        return self.card in MAY_MOVE

    def as_dict(self) -> dict[str, Any]:
        """The decision as JSON. Same case and same tables: same bytes."""
        named = {"id": self.case.id} if self.case.id else {}
        return {
            **named,
            **({"items": list(self.items)} if self.items else {}),
            "card": self.card,
            "status": self.status,
            "movement": self.movement,
            "procedure": self.procedure,
            "basel_entry": list(self.basel_entry),
            "hazard_basis": self.hazard_basis,
            "missing": list(self.missing),
            "decision_period": self.decision_period,
            "transport": {
                "un": self.transport.un,
                "packing": self.transport.packing,
                "violations": list(self.transport.violations),
            },
            "reasons": self.reasons,
            "questions": [question.line() for question in self.questions],
            "questions_in_full": [question.as_dict() for question in self.questions],
            "deadlines": self.deadlines,
            "authorities": self.authorities,
            "documents": self.documents,
            "dangerous_goods": self.transport.details,
            "facts_to_ask": list(self.facts_to_ask),
            "as_of": self.case.as_of,
            "known_on": self.known_on,
            "rules_version": self.rules_version,
            "facts_version": self.facts_version,
            "own_facts": list(self.own_facts),
            "note": NOT_A_DETERMINATION,
        }


def decide(case: Case, book: Book | None = None, known_on: str = "") -> Decision:
    """Decide one case by a law book, as known on a day (today's table if empty).

    A load that lists its items is decided item by item. Raises InputError if no rules were known on that day.
    """
    book = book or packaged_book()
    if ITEMS in case.facts:
        return of_items(case, [(name, _decide(one, book, known_on)) for name, one in cases_of(case)])
    return _decide(case, book, known_on)


def _decide(case: Case, book: Book, known_on: str) -> Decision:
    situation = Situation(case, book, book.at(case.as_of, known_on))
    finding = find_status(situation)
    control = find_control(situation, finding)
    transport = find_transport(situation)
    questions = all_questions(situation, finding, control)
    return Decision(
        case=case,
        status=finding.status,
        movement=control.movement,
        procedure=control.procedure,
        basel_entry=finding.entries,
        hazard_basis=finding.basis,
        missing=control.missing,
        decision_period=control.period,
        transport=transport,
        card=worse_card(control.movement, transport),
        reasons=[*finding.reasons, *control.reasons, *transport.reasons],
        questions=questions,
        facts_to_ask=facts_to_ask(situation, finding, control, transport),
        deadlines=deadlines_of(situation, control.procedure),
        documents=documents_of(situation, finding, control, transport),
        authorities=_authorities(situation, questions),
        rules_version=book.rules_version,
        facts_version=book.facts_version,
        known_on=known_on or book.known,
        own_facts=_own_used(situation, finding, control),
    )


def worse_card(movement: str, transport: Transport) -> str:
    """The worse of movement and transport: a stop in law stands above a stop at loading.

    A stop at loading that cannot be decided keeps a card from saying that it may move.
    """
    card = _CARDS[movement]
    if transport.violations and movement != "forbidden":
        return "DO NOT LOAD"
    if transport.stop_undecided and card in MAY_MOVE:
        return "PAPERS MISSING"
    return card


def _authorities(situation: Situation, questions: tuple[Question, ...]) -> list[dict[str, str]]:
    """The bodies of the States on the route, those with a question first, with the address as seen."""
    book = situation.book
    wanted = [(question.country, question.authority) for question in questions]
    wanted += [(cc, "") for cc in situation.states]
    found: dict[tuple[str, str], dict[str, str]] = {}
    for cc, short in wanted:
        body = book.authority(cc, short)
        found.setdefault(
            (cc, body.short),
            {
                "country": cc,
                "country_name": book.country_name(cc),
                "authority": body.short,
                "body": body.body,
                "role": body.role,
                "contact": body.contact,
                "source": body.source,
                "note": "to be confirmed",
            },
        )
    return list(found.values())


def _own_used(situation: Situation, finding: Finding, control: Control) -> tuple[str, ...]:
    """Whose facts the decision rests on: those behind its reasons and measures, and those of the States."""
    if not situation.book.own:
        return ()
    notes = [*finding.reasons, *control.reasons]
    hits = control.hits
    used = [r["note"][11:] for r in notes if r["note"].startswith("own facts: ")]
    used += [
        m.own
        for m in (*hits.bars, *hits.opens, *hits.permits, *hits.lacking, *hits.cleared, *hits.notes)
        if m.own
    ]
    states = {*situation.states, *(situation.book.unions.get(cc, "") for cc in situation.states)}
    used += [row.own for row in situation.law.status.values() if row.own and row.cc in states]
    return tuple(dict.fromkeys(used))
