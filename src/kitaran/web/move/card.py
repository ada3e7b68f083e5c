"""A decision as an officer reads it: the card for one phone screen, then what may change it and why."""

from __future__ import annotations

from typing import Any

from kitaran.law import Book, Case, Decision
from kitaran.law.interview import Asked, next_questions
from kitaran.law.reasons import Question
from kitaran.web.language import gettext as _
from kitaran.web.move import words

MOST_ON_CARD = 3  # papers; the others stand below, so that the card stays on one screen


def card_of(case: Case, decision: Decision, book: Book) -> dict[str, Any]:
    """The card: what it is, what lacks, what stops it, the first question."""
    title, says = words.card_words(decision.card)
    papers = papers_of(decision)
    lacking = [paper["label"] for paper in papers if paper["id"] in decision.missing]
    deciding = [question for question in decision.questions if question.decides]
    return {
        "title": title,
        "says": says,
        "tone": words.TONES[decision.card],
        "item": _item(case),
        "route": _route(case, book),
        "status": _status(decision),
        "procedure": _procedure(decision),
        "lacking": lacking[:MOST_ON_CARD],
        "lacking_left": max(0, len(lacking) - MOST_ON_CARD),
        "violations": _violations(decision, book),
        "question": deciding[0] if deciding else None,
        "questions_left": max(0, len(deciding) - 1),
    }


def below_card(case: Case, decision: Decision, book: Book) -> dict[str, Any]:
    """What stands below the card."""
    deciding: list[Question] = [question for question in decision.questions if question.decides]
    return {
        "deciding": deciding[1:],
        "others": [question for question in decision.questions if not question.decides],
        "follow_ups": [_follow_up(asked) for asked in next_questions(case, book)],
        "papers": papers_of(decision),
    }


def papers_of(decision: Decision) -> list[dict[str, Any]]:
    """The papers, each with its state in words."""
    states = {"held": _("held"), "missing": _("missing"), "to produce": _("to produce")}
    return [{**paper, "state_words": states[paper["state"]]} for paper in decision.as_dict()["documents"]]


def _status(decision: Decision) -> str:
    if decision.status == "undetermined":
        return _("What it is in law is not settled yet.")
    return _("In law it is %(status)s.") % {"status": words.status_words(decision.status)}


def _procedure(decision: Decision) -> str:
    if decision.procedure == "undetermined" or decision.movement == "forbidden":
        return ""
    return words.procedure_words(decision.procedure)


def _violations(decision: Decision, book: Book) -> list[str]:
    """What forbids loading, in the words of its rule."""
    stops = {rule.id for rule in book.rules if rule.step == "violation"}
    return [row["text"] for row in decision.reasons if row["rule"] in stops]


def _item(case: Case) -> str:
    """What was answered of the item, its purpose and its way, in the words of the form."""
    known = words.choices()
    facts = ("item.kind", "item.chemistry", "item.condition", "purpose", "route.mode")
    told = (dict(known[fact.rpartition(".")[2]])[case.facts[fact]] for fact in facts)
    return " · ".join(told)


def _route(case: Case, book: Book) -> list[str]:
    facts = case.facts
    stops = (facts["route.export"], *facts["route.transit"], facts["route.import"])
    return [book.country_name(cc) for cc in stops]


def _follow_up(asked: Asked) -> dict[str, Any]:
    """A question that can change the answer, as fields of a form."""
    fields = [
        {"name": fact, "choices": _choices(fact), "label": words.fact_words(fact)} for fact in asked.facts
    ]
    return {"id": asked.id, "text": asked.text, "because": _because(asked.because), "fields": fields}


def _choices(fact: str) -> list[tuple[str, str]] | None:
    """The answers to a fact; None where a number is asked."""
    known = words.choices()
    group = fact.split(".")[0]
    if fact == "item.soc_pct":
        return None
    if group == "positions":
        return known["positions"]
    if group == "licences":
        return known["held"]
    return known.get(fact.rpartition(".")[2], known["yes_no"])


def _because(because: str) -> str:
    """What hangs on an answer, in the reader's language."""
    cards = because.removeprefix("could change the card to ")
    if cards == because:
        return _("changes papers or procedure")
    titles = [words.card_words(card)[0] for card in cards.split(" or ")]
    return _("could change the answer to %(cards)s") % {"cards": ", ".join(titles)}
