"""An authority's own dated, cited facts change the decision, and the decision says whose they are."""

from __future__ import annotations

from pathlib import Path

import pytest

from kitaran.foundation.errors import InputError
from kitaran.law import decide, packaged_book
from tests.law.dossiers import dossier, waste

HEAD = (
    "id,cc,role,applies_to,kinds,groups,purposes,effect,permit,cleared_by,valid_from,known_from,text,question,"
    "authority,settles,cite,source,seen,confidence,entered_by,supersedes\n"
)
ANSWER = (
    "tested-packs,TH,import,used,ev_pack,lithium,,note,,,2026-01-01,2026-12-01,Tested packs enter,"
    "has the list 5.3 paper been filed?,DIW,The paper,Letter 12/2569,Letter to the importer,primary,high,"
    "DIW desk officer,TH-IMP-3\n"
)

STATUS_HEAD = "valid_from,known_from,cite,source,seen,confidence,entered_by"
TREATIES = {"basel_party": "yes", "annex_vii": "no", "oecd": "no", "ban_amendment": "yes"}


@pytest.fixture
def answered(tmp_path: Path) -> Path:
    path = tmp_path / "thailand.csv"
    path.write_text(HEAD + ANSWER, encoding="utf-8")
    return path


def test_an_answer_of_the_authority_settles_an_open_bar(answered: Path) -> None:
    case = dossier(route__import="TH")
    assert decide(case).movement == "escalate"
    book = packaged_book().with_own_facts(answered)
    decision = decide(case, book)
    assert decision.movement == "permitted"
    assert decision.own_facts == ("thailand.csv by DIW desk officer",)
    assert "+own." in decision.facts_version


def test_an_old_decision_can_be_replayed_as_the_law_was_known_then(answered: Path) -> None:
    book = packaged_book().with_own_facts(answered)
    case = dossier(route__import="TH")
    assert decide(case, book, known_on="2026-12-01").movement == "permitted"
    replayed = decide(case, book, known_on="2026-11-30")
    assert replayed.movement == "escalate"
    assert replayed.own_facts == ()
    assert replayed.known_on == "2026-11-30"


def test_a_day_before_the_first_rule_set_is_refused() -> None:
    with pytest.raises(InputError, match="No rules were known"):
        decide(dossier(), known_on="2020-01-01")


@pytest.mark.parametrize(
    ("old", "new", "cause"),
    [
        (",TH,import", ",XX,import", "no country code"),
        ("2026-12-01", "", "known_from is empty"),
        ("2026-01-01", "01/01/2026", "is no day"),
        ("DIW desk officer", "", "entered_by is empty"),
        (",note,", ",perhaps,", "effect"),
        ("primary,high", "primary,sure", "confidence"),
    ],
)
def test_a_wrong_row_is_refused_with_its_place(tmp_path: Path, old: str, new: str, cause: str) -> None:
    path = tmp_path / "wrong.csv"
    path.write_text(HEAD + ANSWER.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InputError, match=cause) as error:
        packaged_book().with_own_facts(path)
    assert "wrong.csv" in str(error.value)


def test_a_state_without_rows_is_decided_once_its_facts_are_entered(tmp_path: Path) -> None:
    case = waste(route__import="HK")
    assert decide(case).movement == "escalate"
    path = tmp_path / "hong-kong.csv"
    told = "2026-01-01,2026-12-01,Letter EPD 7/2026,Letter,primary,high,EPD officer"
    rows = [f"{field},HK,{field},{value},{told}" for field, value in TREATIES.items()]
    path.write_text("\n".join([f"id,cc,field,value,{STATUS_HEAD}", *rows, ""]), encoding="utf-8")
    decision = decide(case, packaged_book().with_own_facts(path))
    assert (decision.movement, decision.missing) == ("blocked_pending_consent", ("consent_SG", "consent_HK"))
    assert decision.own_facts == ("hong-kong.csv by EPD officer",)
