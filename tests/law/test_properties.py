"""What must hold for every dossier: unknown never becomes yes, one State is enough, no waste slips by."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import pytest

from kitaran.law import Case, Decision, decide, packaged_book
from kitaran.law.case import vocabulary
from kitaran.law.situation import Situation
from kitaran.law.waste import find_status
from tests.law.dossiers import EVIDENCE, JURISDICTIONS, MOVES, WITHOUT_ROW, dossier, random_dossiers, waste

QUICK, FULL, MANY_TIMES = 2_000, 100_000, 10_000  # the last where each dossier is decided some thirty times
NON_WASTE = ("product", "used_non_waste")
# A known bad value of these is a stop; while unknown they stop nothing and come back as questions.
STOPS_WHEN_KNOWN = (
    *("positions", "authority_disagreement", "facility.esm", "art11_agreement"),
    "evidence.hazard_analysis",  # a hazard told without its analysis stands; one said to have none does not
)


def cases(count: int) -> Iterator[tuple[Case, Decision]]:
    for case in random_dossiers(count):
        yield case, decide(case)


def status_of(case: Case) -> str:
    """The status alone, which the later stages cannot change."""
    book = packaged_book()
    return find_status(Situation(case, book, book.at(case.as_of))).status


def sizes() -> pytest.MarkDecorator:
    return pytest.mark.parametrize("count", [QUICK, pytest.param(FULL, marks=pytest.mark.slow)])


@sizes()
def test_removing_evidence_never_gives_non_waste(count: int) -> None:
    for case, decision in cases(count):
        if decision.status in NON_WASTE:
            continue
        for name in EVIDENCE:
            if f"evidence.{name}" in case.facts:
                assert status_of(case.with_fact(f"evidence.{name}", None)) not in NON_WASTE, (name, case)


@sizes()
def test_one_state_that_calls_it_waste_makes_it_waste(count: int) -> None:
    for case, _ in cases(count):
        states = [cc for cc in (case.facts.get("route.export"), case.facts.get("route.import")) if cc]
        for cc in (*states, *case.facts.get("route.transit", ())):
            assert status_of(case.with_fact(f"positions.{cc}", "waste")).startswith("waste_"), (cc, case)


@sizes()
def test_the_mode_of_transport_never_changes_the_waste_status(count: int) -> None:
    for case, decision in cases(count):
        for mode in ("air", "road", None):
            moved = decide(case.with_fact("route.mode", mode))
            assert (moved.status, moved.movement) == (decision.status, decision.movement), case


@sizes()
def test_no_waste_is_permitted_outside_oecd_green_or_domestic_rules(count: int) -> None:
    for case, decision in cases(count):
        if decision.status.startswith("waste_") and decision.movement == "permitted":
            assert decision.procedure == "oecd_green", case


@pytest.mark.parametrize("count", [QUICK // 4, pytest.param(MANY_TIMES, marks=pytest.mark.slow)])
def test_making_a_fact_unknown_never_lets_it_move(count: int) -> None:
    for case, decision in cases(count):
        if decision.movement in MOVES or decision.movement == "permitted_domestic_rules":
            continue
        for name in case.facts:
            if name in STOPS_WHEN_KNOWN or _is_answered_by_the_purpose(name, case):
                continue
            less = decide(case.with_fact(name, None))
            assert less.movement not in (*MOVES, "permitted_domestic_rules"), (name, less.movement, case)


def _is_answered_by_the_purpose(name: str, case: Case) -> bool:
    """Analysis and warranty return find out whether it can be repaired; a test record shows a diagnosis."""
    if name == "item.repairable":
        defect = case.facts.get("item.condition") == "repairable_defect"  # says so by its name
        return defect or case.facts.get("purpose") in ("failure_analysis", "warranty_return")
    return name in ("item.diagnosable", "item.critical") and case.facts.get("evidence.test_records") is True


@sizes()
def test_a_decision_always_explains_itself(count: int) -> None:
    for case, decision in cases(count):
        found = decision.as_dict()
        assert all(row["cite"] and row["source"] and row["confidence"] for row in found["reasons"]), case
        if decision.movement in ("forbidden", "escalate"):
            assert found["missing"] == [], case
        if decision.movement == "escalate":
            assert any(question.decides for question in decision.questions), case
        if decision.movement == "blocked_pending_consent":
            assert found["missing"], case
        if decision.movement == "blocked_missing_evidence":
            assert found["missing"] or found["facts_to_ask"], case
        if decision.status == "undetermined":
            assert found["basel_entry"] == [], "no code before waste status is settled"


def test_every_pair_of_jurisdictions_gets_an_answer() -> None:
    everywhere = (*JURISDICTIONS, *WITHOUT_ROW)
    for export, import_ in product(everywhere, everywhere):
        for case in (
            dossier(route__export=export, route__import=import_),
            waste(route__export=export, route__import=import_),
        ):
            decision = decide(case)
            assert decision.movement
            assert decision.card
            if decision.movement == "escalate":
                assert decision.questions


def test_a_permission_never_rests_on_a_permitting_rule_of_low_confidence() -> None:
    for case, decision in cases(QUICK):
        if decision.movement == "permitted":
            grounds = [row for row in decision.reasons if row["stage"] in ("waste", "control")]
            assert all(row["confidence"] != "low" for row in grounds), case


def test_only_facts_of_the_vocabulary_are_asked_for() -> None:
    words = vocabulary()
    for case, _ in cases(QUICK):
        for kept in (0, 3, 8):
            less = Case(case.as_of, dict(list(case.facts.items())[:kept]))
            for name in decide(less).facts_to_ask:
                group, _, key = name.partition(".")
                assert key in words[group] if key else group in words, name
                assert name not in less.facts


def test_a_case_of_which_nothing_is_known_is_asked_for_its_route_and_item() -> None:
    decision = decide(Case("2026-06-01"))
    assert decision.movement == "blocked_missing_evidence"
    assert {"item.kind", "item.condition", "purpose", "route.export", "route.import"} <= set(
        decision.facts_to_ask
    )


def test_every_reason_says_something() -> None:
    for case, decision in cases(QUICK):
        assert all(row["text"].strip() for row in decision.reasons), case
