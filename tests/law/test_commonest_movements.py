"""The sixty commonest movements: most end with an answer, and the page of the docs says the same."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def commonest() -> ModuleType:
    spec = importlib.util.spec_from_file_location("commonest", ROOT / "benchmarks" / "movement_commonest.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_there_are_sixty_and_seven_in_ten_end_other_than_in_a_question(commonest: ModuleType) -> None:
    rows = commonest.decided()
    assert len(rows) == 60
    assert commonest.share_answered(rows) >= 0.7


def test_no_permission_rests_on_a_rule_of_low_confidence(commonest: ModuleType) -> None:
    for _, case, decision in commonest.decided():
        if decision.movement == "permitted":
            grounds = [row for row in decision.reasons if row["stage"] in ("waste", "control")]
            assert all(row["confidence"] != "low" and row["seen"] != "not_seen" for row in grounds), case


def test_the_page_of_the_documentation_is_what_the_law_book_says(commonest: ModuleType) -> None:
    assert commonest.PAGE.read_text(encoding="utf-8") == commonest.page()
