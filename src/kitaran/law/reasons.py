"""Why: the rule or fact behind each step, its article, and how sure it is; and what is still to be asked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kitaran.law.records import Cited, Measure, Rule, Status

if TYPE_CHECKING:
    from kitaran.law.situation import Situation

NOT_REREAD = "source not re-read"


def reason(stage: str, row: Cited, text: str = "") -> dict[str, str]:
    """A row of the law as one reason of a decision."""
    note = "" if row.seen == "primary" else NOT_REREAD
    own = getattr(row, "own", "")
    return {
        "stage": stage,
        "rule": row.id,
        "text": text or row.text,
        "cite": row.cite,
        "source": row.source,
        "seen": row.seen,
        "confidence": row.confidence,
        "note": f"own facts: {own}" if own else note,
    }


_QUESTION_KEYS = (
    *("authority", "country", "country_name", "body", "contact", "question", "settles", "decides"),
    *("rule", "cite", "source", "seen", "confidence"),
)


@dataclass(frozen=True, slots=True)
class Question:
    """What to ask, whom, and what answer would settle it. `decides`: the movement hangs on it."""

    country: str
    country_name: str
    authority: str
    body: str
    contact: str
    question: str
    settles: str
    decides: bool
    rule: str
    cite: str
    source: str
    seen: str
    confidence: str

    def as_dict(self) -> dict[str, Any]:
        """The question with its authority, how to reach it, and what answer would settle it."""
        return {name: getattr(self, name) for name in _QUESTION_KEYS}

    def line(self) -> str:
        return f"{self.authority} ({self.country_name}): {self.question}"


def ask(
    situation: Situation,
    cc: str,
    row: Cited,
    question: str,
    short: str = "",
    settles: str = "",
    decides: bool = False,
) -> Question:
    """A question to a body of a State, on account of a row of the law."""
    body = situation.book.authority(cc, short)
    return Question(
        country=cc,
        country_name=situation.book.country_name(cc),
        authority=body.short,
        body=body.body,
        contact=body.contact,
        question=question,
        settles=settles or "An answer in writing",
        decides=decides,
        rule=row.id,
        cite=row.cite,
        source=row.source,
        seen=row.seen,
        confidence=row.confidence,
    )


def ask_measure(situation: Situation, measure: Measure, decides: bool) -> Question:
    """The question that a measure carries."""
    return ask(situation, measure.cc, measure, measure.question, measure.authority, measure.settles, decides)


def ask_rule(situation: Situation, rule: Rule, states: tuple[str, ...]) -> tuple[Question, ...]:
    """The question of a rule to each of the States that it concerns."""
    short = rule.asks.get("short", "")
    return tuple(ask(situation, cc, rule, rule.question, short, rule.settles, decides=True) for cc in states)


def status_rows(situation: Situation, field: str, states: tuple[str, ...]) -> tuple[Status, ...]:
    """The dated facts of States behind a rule, for its reasons."""
    rows = (
        situation.law.status.get((cc, field))
        or situation.law.status.get((situation.book.unions.get(cc, ""), field))
        for cc in states
    )
    return tuple(row for row in rows if row is not None)
