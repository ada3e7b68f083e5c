"""The officer's questions: five before a first answer, then only those that can change it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import Any

from kitaran.law import tables
from kitaran.law.book import Book, packaged_book
from kitaran.law.case import Case, vocabulary
from kitaran.law.decision import Decision, decide

_MAP_VALUES: Mapping[str, list[Any]] = {
    "positions": ["waste", "not_waste"],
    "consents": [True],
    "licences": ["held"],
}


@dataclass(frozen=True, slots=True)
class Asked:
    """One question to the officer, the facts it fills, and what hangs on it."""

    id: str
    text: str
    facts: tuple[str, ...]
    because: str

    def as_dict(self) -> dict[str, Any]:
        return {"id": self.id, "text": self.text, "facts": list(self.facts), "because": self.because}


@lru_cache(maxsize=1)
def _table() -> Mapping[str, Any]:
    table: Mapping[str, Any] = tables.packaged_yaml("questions.yaml")
    return table


def next_questions(case: Case, book: Book | None = None) -> list[Asked]:
    """What to ask next. Empty when no unknown fact can change the decision."""
    book = book or packaged_book()
    first = [
        Asked(row["id"], row["text"], tuple(row["facts"]), "needed for a first answer")
        for row in _table()["first"]
        if any(fact not in case.facts for fact in row["facts"])
    ]
    if first:
        return first
    now = decide(case, book)
    found = []
    for asked, answers in _candidates(case, book):
        changed = {_answer(decide(other, book)) for other in answers} - {_answer(now)}
        if changed:
            cards = sorted({answer[0] for answer in changed} - {now.card})
            because = (
                f"could change the card to {' or '.join(cards)}" if cards else "changes papers or procedure"
            )
            found.append(Asked(asked.id, asked.text, asked.facts, because))
    return sorted(found, key=lambda asked: not asked.because.startswith("could"))


def _answer(decision: Decision) -> tuple[Any, ...]:
    """What must differ for a question to be worth asking."""
    goods = decision.transport
    return (
        decision.card,
        decision.status,
        decision.movement,
        decision.procedure,
        decision.basel_entry,
        decision.missing,
        decision.decision_period,
        goods.un,
        goods.packing,
        goods.violations,
    )


def _candidates(case: Case, book: Book) -> Iterator[tuple[Asked, list[Case]]]:
    """Each question with unknown facts, and the cases that its answers would make."""
    for row in _table()["then"]:
        facts = tuple(row["facts"])
        if all(fact not in case.facts for fact in facts):
            yield Asked(row["id"], row["text"], facts, ""), list(_answered(case, facts))
    states = decide_states(case)
    for row in _table()["each_state"]:
        for cc in states:
            name = f"{row['map']}.{cc}"
            if cc not in case.facts.get(row["map"], {}):
                text = row["text"].format(country=book.country_name(cc))
                cases = [case.with_fact(name, value) for value in _MAP_VALUES[row["map"]]]
                yield Asked(f"{row['id']}_{cc}", text, (name,), ""), cases
    for permit, row in _table()["each_permit"].items():
        if permit not in case.facts.get("permits", {}):
            good = permit_in_order(permit, case.as_of)
            name = f"permits.{permit}"
            yield Asked(permit, row["text"], (name,), ""), [case.with_fact(name, good)]


def permit_in_order(permit: str, as_of: str) -> dict[str, Any]:
    """What is known of a permit that is held and good on the day."""
    good = _table()["each_permit"].get(permit, {"good": {"held": True}})["good"]
    return {key: as_of if value == "as_of" else value for key, value in good.items()}


def decide_states(case: Case) -> tuple[str, ...]:
    """The States on the route, in the order of travel."""
    facts = case.facts
    route: tuple[str, ...] = (facts["route.export"], *facts.get("route.transit", ()), facts["route.import"])
    return tuple(dict.fromkeys(route))


def _answered(case: Case, facts: tuple[str, ...]) -> Iterator[Case]:
    """The case under every combination of answers to some facts."""
    for values in product(*(possible_values(fact) for fact in facts)):
        answered = case
        for fact, value in zip(facts, values, strict=True):
            answered = answered.with_fact(fact, value)
        yield answered


def possible_values(fact: str) -> list[Any]:
    """The values that a fact of the vocabulary can take; for a share, one on each side of 30 %."""
    words: Any = vocabulary()
    for part in fact.split("."):
        words = words[part]
    if isinstance(words, list):
        return list(words)
    return [20.0, 60.0] if words == "percent" else [True, False]
