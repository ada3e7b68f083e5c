"""A consent counts while it has not run out and covers the load; what is unknown is not taken as good."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kitaran.law import decide
from kitaran.law.consents import months_after
from tests.law.dossiers import dossier, waste


def missing(
    as_of: str = "2026-06-01", told: bool | None = True, mass: float | None = None, **paper: Any
) -> Any:
    consents = {"SG": True, **({} if told is None else {"JP": told})}
    permits = {"consent_JP": paper} if paper else {}
    return decide(waste(as_of, consents=consents, permits=permits, item__mass_kg=mass)).missing


def test_a_consent_may_be_told_by_its_paper_alone() -> None:
    assert missing(told=None, held=True) == ()
    assert missing(told=None, held=False) == ("consent_JP",)
    assert missing(told=None) == ("consent_JP",)


def test_a_consent_that_one_place_denies_is_not_held() -> None:
    assert missing(told=False, held=True) == ("consent_JP",)
    assert missing(told=True, held=False) == ("consent_JP",)


def test_a_consent_dated_after_departure_is_not_held() -> None:
    assert missing(held=True, issued="2026-06-02") == ("consent_JP",)
    assert missing(held=True, issued="2026-06-01") == ()


def test_a_named_last_day_stands_before_the_longest_time() -> None:
    assert missing(held=True, issued="2024-01-01", valid_to="2026-06-01") == ()
    assert missing(held=True, issued="2026-05-01", valid_to="2026-05-31") == ("consent_JP",)


@pytest.mark.parametrize(("mass", "held"), [(700.0, True), (700.1, False), (None, False)])
def test_a_consent_covers_no_more_than_its_mass(mass: float | None, held: bool) -> None:
    assert missing(mass=mass, held=True, quantity_kg=700.0) == (() if held else ("consent_JP",))


def test_the_decision_says_why_a_consent_does_not_count() -> None:
    paper = {"held": True, "quantity_kg": 700.0}
    case = waste(consents={"SG": True, "JP": True}, permits={"consent_JP": paper}, item__mass_kg=900.0)
    told = [row["text"] for row in decide(case).reasons if row["stage"] == "control"]
    assert "The consent of Japan covers 700 kg, and the load weighs 900 kg" in told


@pytest.mark.parametrize(
    ("day", "months", "last"),
    [
        ("2024-02-29", 12, "2025-02-28"),
        ("2025-06-01", 12, "2026-06-01"),
        ("2025-08-31", 1, "2025-09-30"),
        ("2025-12-15", 36, "2028-12-15"),
    ],
)
def test_a_period_of_months_ends_on_the_same_day_or_the_last_there_is(
    day: str, months: int, last: str
) -> None:
    assert months_after(day, months) == last


@given(day=st.dates(date(2000, 1, 1), date(2080, 1, 1)), months=st.integers(1, 60))
def test_a_longer_period_never_ends_earlier(day: date, months: int) -> None:
    assert (
        day.isoformat() < months_after(day.isoformat(), months) <= months_after(day.isoformat(), months + 1)
    )


@pytest.mark.parametrize(
    ("paper", "held"),
    [
        ({"held": True}, True),
        ({"held": True, "valid_to": "2026-05-31"}, False),
        ({"held": True, "issued": "2026-06-02"}, False),
        ({"held": True, "quantity_kg": 300.0}, False),
        ({"held": True, "quantity_kg": 400.0}, True),
        ({"held": False}, False),
    ],
)
def test_an_import_licence_counts_as_a_consent_does(paper: dict[str, Any], held: bool) -> None:
    case = dossier(route__import="BT", item__mass_kg=400.0, permits={"import_licence_BT": paper})
    assert decide(case).missing == (() if held else ("import_licence_BT",))


def test_a_licence_told_by_name_is_held_unless_its_paper_says_otherwise() -> None:
    case = dossier(route__import="BT", licences={"BT": "permit of the Department of Trade"})
    assert decide(case).movement == "permitted"
    expired = case.with_fact("permits.import_licence_BT", {"held": True, "valid_to": "2026-05-31"})
    assert decide(expired).missing == ("import_licence_BT",)
