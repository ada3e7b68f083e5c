"""Targets hold over their periods, each by the arithmetic of its own law."""

from __future__ import annotations

import pytest

from kitaran.foundation.errors import InputError
from kitaran.law.targets import DRY_WEIGHT, shortfall_kg, targets


@pytest.mark.parametrize(
    ("day", "share"),
    [
        ("2025-03-31", 0.70),
        ("2025-04-01", 0.80),
        ("2026-03-31", 0.80),
        ("2026-04-01", 0.90),
        ("2031-01-01", 0.90),
    ],
)
def test_india_asks_for_recovery_by_dry_weight_that_rises_with_the_financial_year(
    day: str, share: float
) -> None:
    (target,) = targets("IN", day, "recovery of materials")
    assert (target.share, target.basis) == (share, DRY_WEIGHT)


@pytest.mark.parametrize(
    ("day", "lithium", "nickel"), [("2031-12-30", 0.50, 0.90), ("2031-12-31", 0.80, 0.95)]
)
def test_the_union_asks_element_by_element(day: str, lithium: float, nickel: float) -> None:
    found = {target.element: target for target in targets("EU", day, "material recovery")}
    assert (found["Li"].share, found["Ni"].share) == (lithium, nickel)
    assert found["Li"].basis == "element Li"


def test_a_shortfall_is_counted_on_the_basis_of_the_law() -> None:
    (india,) = targets("IN", "2027-01-01", "recovery of materials")
    assert shortfall_kg(india, reached_kg=850, of_kg=1000) == pytest.approx(50)  # 0.90 x 1000 - 850
    lithium = next(
        target for target in targets("EU", "2028-06-01", "material recovery") if target.element == "Li"
    )
    assert shortfall_kg(lithium, reached_kg=6, of_kg=10) == 0  # 0.50 x 10 is less than 6


def test_more_than_there_is_cannot_be_reached() -> None:
    (india,) = targets("IN", "2027-01-01", "recovery of materials")
    with pytest.raises(InputError, match="cannot be"):
        shortfall_kg(india, reached_kg=2, of_kg=1)
