"""The letter to an authority: the case, the exact question, its grounds, and what answer would settle it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from kitaran.law.case import Case
from kitaran.law.decision import NOT_A_DETERMINATION, Decision
from kitaran.law.paper_values import in_words
from kitaran.law.reasons import Question


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter, ready to print. What the writer must fill stands in square brackets."""

    to: str
    contact: str
    subject: str
    paragraphs: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    question: str
    settles: str
    grounds: str
    signature: str
    versions: str
    note: str = NOT_A_DETERMINATION

    def as_dict(self) -> dict[str, Any]:
        return {**asdict(self), "paragraphs": list(self.paragraphs), "facts": dict(self.facts)}


def letter(decision: Decision, question: Question) -> Letter:
    """The letter that puts one question."""
    case = decision.case
    route = route_words(case, decision)
    return Letter(
        to=f"{question.body}, {question.country_name}",
        contact=f"{question.contact} (as published; please confirm)",
        subject=f"Question on a planned movement of batteries, {route}",
        paragraphs=(
            f"We plan to move the item described below from {route}, leaving on {case.as_of}. "
            "Before it leaves we ask for your answer in writing.",
            f"On the facts known to us its status is {in_words(decision.status)}"
            + (f", Basel entry {' or '.join(decision.basel_entry)}" if decision.basel_entry else "")
            + f", UN number {decision.transport.un}.",
        ),
        facts=described(case),
        question=f"{question.question[0].upper()}{question.question[1:]}",
        settles=question.settles,
        grounds=f"{question.cite} ({_seen(question.seen)}, {question.confidence} confidence)",
        signature="[name, firm, address, date, signature]",
        versions=f"Rules {decision.rules_version}; facts {decision.facts_version}",
    )


def letters(decision: Decision) -> tuple[Letter, ...]:
    """A letter for each question that is put."""
    return tuple(letter(decision, question) for question in put(decision))


def put(decision: Decision) -> tuple[Question, ...]:
    """The questions to put: those on which the movement hangs, or all if none decides."""
    return tuple(question for question in decision.questions if question.decides) or decision.questions


def route_words(case: Case, decision: Decision) -> str:
    """The route in the names of its States."""
    names = {body["country"]: body["country_name"] for body in decision.authorities}
    facts = case.facts
    stops = [facts.get("route.export"), *facts.get("route.transit", ()), facts.get("route.import")]
    return " by way of ".join(
        [" to ".join(names.get(cc, cc) for cc in (stops[0], stops[-1]) if cc)]
        + [" and ".join(names.get(cc, cc) for cc in stops[1:-1])] * (len(stops) > 2)
    )


def described(case: Case) -> tuple[tuple[str, str], ...]:
    """The item as far as it is known, in plain words."""
    shown = {
        "item.kind": "item",
        "item.chemistry": "chemistry",
        "item.condition": "condition",
        "purpose": "purpose",
        "item.mass_kg": "mass [kg]",
        "item.energy_kwh": "energy [kWh]",
        "item.soh_pct": "state of health [%]",
        "item.soc_pct": "state of charge [%]",
        "route.mode": "mode of transport",
    }
    rows = [(label, _words(case.facts[name])) for name, label in shown.items() if name in case.facts]
    held = [name[9:] for name, there in sorted(case.facts.items()) if name.startswith("evidence.") and there]
    return (*rows, ("papers held", ", ".join(map(_words, held)) or "none named"))


def _words(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else in_words(value)


def _seen(seen: str) -> str:
    return {"primary": "read at its source", "secondary": "read in another publication"}.get(seen, "not seen")
