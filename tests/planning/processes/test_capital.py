"""Kernels of capital."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kitaran.foundation.errors import InputError
from kitaran.planning.processes.capital import annuity, index_ratio, present_value, round_up, scaled_cost

RATES = st.floats(0, 0.5)
YEARS = st.integers(1, 60)


def test_the_annuity_of_ten_percent_over_ten_years_is_that_of_the_handbooks() -> None:
    assert annuity(0.10, 10) == pytest.approx(0.162745, abs=1e-6)


@given(RATES, YEARS)
def test_payments_of_an_annuity_are_worth_the_capital_today(rate: float, years: int) -> None:
    payments = np.full((1, years), annuity(rate, years))
    assert present_value(payments, np.array([rate]), first_year=1) == pytest.approx(1, rel=1e-9)


@given(YEARS)
def test_without_interest_the_capital_is_repaid_in_equal_parts(years: int) -> None:
    assert annuity(0, years) == 1 / years
    assert annuity(1e-12, years) == pytest.approx(1 / years, rel=1e-9)


@pytest.mark.parametrize(("rate", "years"), [(-0.01, 10), (0.1, 0), (float("nan"), 10)])
def test_an_impossible_loan_is_refused(rate: float, years: float) -> None:
    with pytest.raises(InputError):
        annuity(rate, years)


def test_a_capacity_that_binary_numbers_cannot_hold_is_not_rounded_a_step_up() -> None:
    assert round_up(np.array([0.1 * 3, 0.3000000001, 0.31]), 0.1) == pytest.approx([0.3, 0.3, 0.4])


@given(st.floats(0.1, 100), st.floats(1.01, 10), st.floats(0.1, 1))
def test_equipment_grows_cheaper_by_capacity(capacity: float, times: float, exponent: float) -> None:
    small, large = scaled_cost(1000, exponent, 0, np.array([capacity, capacity * times]))
    assert large / times <= small * (1 + 1e-12)


def test_an_index_year_that_nobody_published_is_named() -> None:
    with pytest.raises(InputError, match="1950"):
        index_ratio({2020: 596.2}, 2020, 1950)
