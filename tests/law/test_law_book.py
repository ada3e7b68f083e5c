"""The loader refuses what the house does not allow, and every dated row ends and starts on its day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from kitaran.foundation.errors import InputError
from kitaran.law import packaged_book
from kitaran.law.records import FIRST_DAY, LAST_DAY
from kitaran.law.rows import permits, read_rule

BOOK = packaged_book()
RULE: dict[str, Any] = {
    "id": "X1",
    "priority": 1,
    "when": {"purpose": "recycling"},
    "then": {"status": "used_non_waste"},
    "text": "A made-up permission",
    "cite": "Some Act Art 1",
    "source": "S-DEX-STATUS",
    "seen": "secondary",
    "confidence": "medium",
}


def day_after(day: str) -> str:
    return (date.fromisoformat(day) + timedelta(days=1)).isoformat()


def test_a_sound_rule_is_read() -> None:
    assert permits(read_rule(RULE, "waste", BOOK.sources))


@pytest.mark.parametrize("weakness", [{"confidence": "low"}, {"seen": "not_seen"}])
def test_a_weak_permission_can_only_lead_to_a_question(weakness: dict[str, str]) -> None:
    with pytest.raises(InputError, match="can only lead to a question"):
        read_rule({**RULE, **weakness}, "waste", BOOK.sources)
    asked = {**RULE, **weakness, "question": "may it?", "authority": {"jurisdiction": "route"}}
    assert read_rule(asked, "waste", BOOK.sources).question


@pytest.mark.parametrize(
    "wrong",
    [
        {"when": {"item.colour": "red"}},
        {"when": {"item.soc_pct": {"around": 30}}},
        {"cite": ""},
        {"source": "S-NOWHERE"},
        {"seen": "perhaps"},
        {"confidence": "sure"},
        {"valid_from": "2026"},
    ],
)
def test_a_wrong_rule_is_refused_with_its_place(wrong: dict[str, Any]) -> None:
    with pytest.raises(InputError) as error:
        read_rule({**RULE, **wrong}, "waste", BOOK.sources)
    assert "X1" in str(error.value)


@pytest.mark.parametrize("rule", [r for r in BOOK.rules if r.valid_to != LAST_DAY], ids=lambda r: r.id)
def test_a_rule_ends_with_its_last_day(rule: Any) -> None:
    assert rule in BOOK.at(rule.valid_to).rules[rule.stage]
    assert rule not in BOOK.at(day_after(rule.valid_to)).rules[rule.stage]


@pytest.mark.parametrize("fact", [s for s in BOOK.statuses if s.valid_to != LAST_DAY], ids=lambda s: s.id)
def test_a_fact_of_a_state_ends_with_its_last_day(fact: Any) -> None:
    assert BOOK.at(fact.valid_to).status[fact.cc, fact.field] is fact
    assert BOOK.at(day_after(fact.valid_to)).status.get((fact.cc, fact.field)) is not fact


@pytest.mark.parametrize("row", [a for a in BOOK.agreements if a.valid_from != FIRST_DAY], ids=lambda a: a.id)
def test_an_agreement_starts_on_its_day(row: Any) -> None:
    key = (row.exporter, row.importer)
    before = (date.fromisoformat(row.valid_from) - timedelta(days=1)).isoformat()
    assert BOOK.at(row.valid_from).agreements[key] is row
    assert key not in BOOK.at(before).agreements


def test_no_two_rows_of_a_fact_hold_on_one_day() -> None:
    days = sorted({day for s in BOOK.statuses for day in (s.valid_from, s.valid_to)})
    for day in days:
        keys = [(s.cc, s.field) for s in BOOK.statuses if s.holds(day, BOOK.known)]
        assert len(keys) == len(set(keys)), day


def test_every_row_names_sources_that_were_listed_and_says_how_they_were_seen() -> None:
    for row in (*BOOK.rules, *BOOK.measures, *BOOK.statuses, *BOOK.agreements):
        assert set(row.source.split(";")) <= set(BOOK.sources), row.id
        assert row.cite, row.id
        if set(row.source.split(";")) <= {"S-MEM", "S2-MEM"}:
            assert row.seen == "not_seen", row.id


def test_ids_are_unique() -> None:
    ids = [row.id for row in (*BOOK.rules, *BOOK.measures, *BOOK.statuses, *BOOK.agreements)]
    assert len(ids) == len(set(ids))
