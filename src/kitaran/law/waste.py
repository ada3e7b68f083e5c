"""Stages 1 and 2: is it waste, and if so, is it hazardous and under which entry?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from kitaran.law.reasons import Question, ask_rule, reason, status_rows
from kitaran.law.records import Rule, Status
from kitaran.law.route_facts import used_is_waste_in
from kitaran.law.rows import permits
from kitaran.law.situation import Situation

WASTE = "waste"


@dataclass(slots=True)
class Finding:
    """The status of an item, the reasons, and what is missing or to be asked before it is settled."""

    status: str = "undetermined"
    entries: tuple[str, ...] = ()
    basis: str = ""
    reasons: list[dict[str, str]] = field(default_factory=list)
    missing: tuple[str, ...] = ()
    questions: tuple[Question, ...] = ()
    undecided: tuple[Rule, ...] = ()
    applied: Rule | None = None


def find_status(situation: Situation) -> Finding:
    """Waste or not, then hazardous or not. Non-waste needs every proof; what is unknown proves nothing."""
    finding = _find_waste(situation)
    is_waste = {WASTE: True, "undetermined": None}.get(finding.status, False)
    situation.settle("waste.status", is_waste)
    if is_waste:
        _find_hazard(situation, finding)
    situation.settle("waste.class", finding.status)
    situation.settle("waste.entries", finding.entries)
    situation.settle("waste.basis", finding.basis)
    return finding


def _find_waste(situation: Situation) -> Finding:
    undecided: list[Rule] = []
    unproven: list[tuple[tuple[str, ...], Rule]] = []
    weak: list[Rule] = []
    for rule in situation.law.rules["waste"]:
        truth = rule.condition(situation.value)
        if truth is None and not rule.unknown_is_no:
            undecided.append(rule)
        if not truth:
            continue
        lacking = tuple(proof for proof in rule.proofs if not proven(situation, proof))
        if lacking:
            unproven.append((lacking, rule))
        elif rule.weak and permits(rule):
            weak.append(rule)
        elif any(other.then["status"] != rule.then["status"] for other in undecided):
            return _undetermined(situation, undecided, unproven, [])
        else:
            return _concluded(situation, rule, undecided)
    return _undetermined(situation, undecided, unproven, weak)


def proven(situation: Situation, proof: str) -> bool:
    """Is the document there? No test record counts for what cannot be diagnosed or may react dangerously."""
    facts = situation.facts
    if proof == "test_records" and (
        facts.get("item.diagnosable") is False or facts.get("item.critical") is True
    ):
        return False
    return situation.facts.get(f"evidence.{proof}") is True


def _concluded(situation: Situation, rule: Rule, undecided: Sequence[Rule]) -> Finding:
    found = Finding(status=rule.then["status"], undecided=tuple(undecided), applied=rule)
    found.reasons.append(reason("waste", rule))
    if "route.used_is_waste" in rule.names:
        states = used_is_waste_in(situation)
        rows = status_rows(situation, "used_is_waste", states)
        found.reasons += [reason("waste", row, f"{_name(situation, row)}: {row.text}") for row in rows]
    return found


def _name(situation: Situation, row: Status) -> str:
    return situation.book.country_name(row.cc)


def _groups(row: Status) -> str:
    """The families of chemistry that a law lists, in words."""
    return ", ".join(row.value.split("|"))


def _undetermined(
    situation: Situation,
    undecided: Sequence[Rule],
    unproven: Sequence[tuple[tuple[str, ...], Rule]],
    weak: Sequence[Rule],
) -> Finding:
    """Nothing concludes: name the shortest list of papers that would, or the question if papers cannot."""
    found = Finding(undecided=tuple(undecided))
    strong = [(lacking, rule) for lacking, rule in unproven if not rule.weak]
    if weak and not strong:
        for rule in weak:
            found.reasons.append(reason("waste", rule))
            found.questions += ask_rule(situation, rule, asked_states(situation, rule))
        return found
    shown = tuple(
        dict.fromkeys(
            rule.shown_by for rule in undecided if rule.shown_by and not proven(situation, rule.shown_by)
        )
    )
    ways = strong or list(unproven) or _unknown_ways(situation, undecided)
    if ways:
        lacking, rule = min(ways, key=lambda way: len(way[0]))
        found.missing = (*lacking, *(paper for paper in shown if paper not in lacking))
        found.reasons.append(reason("waste", rule, f"Not shown yet: {rule.text}"))
    else:
        found.missing = shown
        found.reasons += [reason("waste", rule, f"Not decided: {rule.text}") for rule in undecided[:1]]
    return found


def _unknown_ways(situation: Situation, undecided: Sequence[Rule]) -> list[tuple[tuple[str, ...], Rule]]:
    """Rules with proofs that might apply, were more known of the item."""
    ways = [
        (tuple(proof for proof in rule.proofs if not proven(situation, proof)), rule)
        for rule in undecided
        if rule.proofs and not rule.weak
    ]
    return [way for way in ways if way[0]]


def asked_states(situation: Situation, rule: Rule) -> tuple[str, ...]:
    """The States to which a rule of the waste stage puts its question."""
    named = rule.asks.get("jurisdiction", "route")
    if named != "route":
        return (named,)
    return tuple(cc for cc in situation.states if situation.position(cc) != "not_waste")


def _find_hazard(situation: Situation, finding: Finding) -> None:
    """The first rule that holds gives class and entries; the last one always holds."""
    for rule in situation.law.rules["hazardous"]:
        if rule.condition(situation.value):
            finding.status = rule.then["status"]
            finding.entries = tuple(sorted(rule.then["entries"]))
            finding.basis = rule.then["basis"]
            finding.reasons.append(reason("hazardous", rule))
            if finding.basis == "1(1)(b)":
                rows = status_rows(situation, "hazardous_groups", situation.states)
                finding.reasons += [
                    reason(
                        "hazardous",
                        row,
                        f"{_name(situation, row)}: its law lists {_groups(row)} as hazardous",
                    )
                    for row in rows
                ]
            return
