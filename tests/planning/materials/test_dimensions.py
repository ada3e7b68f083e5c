"""Arithmetic along named dimensions: what is missing, doubled or out of order fails, and never inflates."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from kitaran.foundation.errors import InputError
from kitaran.planning.materials import Named, minus, plus, product, quotient, summed

CHEMISTRIES = ("LFP", "NCA", "LMO")
values = arrays(np.float64, (2, 3), elements=st.floats(0, 1e6, allow_subnormal=False))


def by_year(array: np.ndarray, chemistries: tuple[str, ...] = CHEMISTRIES) -> Named:
    return Named(("year", "chemistry"), array, {"chemistry": chemistries})


@given(values, values)
def test_the_order_of_axes_changes_no_sum(left: np.ndarray, right: np.ndarray) -> None:
    turned = by_year(right).turned(("chemistry", "year"))
    assert plus(by_year(left), turned).values == pytest.approx(left + right)
    assert minus(by_year(left), turned).values == pytest.approx(left - right)


@given(values)
def test_summing_in_steps_or_at_once_gives_the_same(array: np.ndarray) -> None:
    named = by_year(array)
    at_once = summed(named, ("year", "chemistry")).values
    in_steps = summed(summed(named, ("chemistry",)), ("year",)).values
    assert float(at_once) == pytest.approx(float(in_steps))
    assert float(at_once) == pytest.approx(array.sum())


@given(values, st.permutations(CHEMISTRIES))
def test_entries_in_another_order_are_refused_until_they_are_sorted(
    array: np.ndarray, order: list[str]
) -> None:
    named, other = by_year(array), by_year(array).ordered("chemistry", tuple(order))
    if tuple(order) != CHEMISTRIES:
        with pytest.raises(InputError, match="another order"):
            plus(named, other)
    assert plus(named, other.ordered("chemistry", CHEMISTRIES)).values == pytest.approx(2 * array)


@given(values)
def test_a_missing_dimension_never_inflates_a_sum(array: np.ndarray) -> None:
    """NumPy would add a total to each chemistry and count it three times."""
    named = by_year(array)
    total = summed(named, ("chemistry",))
    for act in (plus, minus, quotient):
        with pytest.raises(InputError, match="chemistry is in one array only"):
            act(named, total)


@given(values, values)
def test_a_share_times_the_whole_is_the_part(part: np.ndarray, rest: np.ndarray) -> None:
    whole = part + rest
    share = quotient(by_year(part), by_year(whole)).values
    assert share * whole == pytest.approx(part)
    assert ((share >= 0) & (share <= 1 + 1e-12)).all()


def test_a_part_of_nothing_is_refused() -> None:
    with pytest.raises(InputError, match="the whole is zero"):
        quotient(by_year(np.ones((2, 3))), by_year(np.zeros((2, 3))))


@pytest.mark.parametrize("over", [("sample",), ("year", "year")])
def test_a_sum_over_a_missing_or_doubled_dimension_is_refused(over: tuple[str, ...]) -> None:
    with pytest.raises(InputError):
        summed(by_year(np.ones((2, 3))), over)


def test_a_size_that_broadcasting_would_stretch_is_refused() -> None:
    one = Named(("year", "chemistry"), np.ones((1, 3)), {"chemistry": CHEMISTRIES})
    with pytest.raises(InputError, match="2 entries here and 1 there"):
        plus(by_year(np.ones((2, 3))), one)
    with pytest.raises(InputError, match="2 entries here and 1 there"):
        product(by_year(np.ones((2, 3))), one, ("year", "chemistry"))


@pytest.mark.parametrize("names", [("LFP", "LFP"), ("LFP", "LTO")])
def test_an_entry_is_chosen_once_and_must_be_known(names: tuple[str, ...]) -> None:
    with pytest.raises(InputError):
        by_year(np.ones((2, 3))).ordered("chemistry", names)


def test_entries_without_names_cannot_be_sorted() -> None:
    with pytest.raises(InputError, match="no names"):
        by_year(np.ones((2, 3))).ordered("year", ("2020",))


def test_axes_cannot_be_turned_into_others() -> None:
    with pytest.raises(InputError, match="cannot be turned"):
        by_year(np.ones((2, 3))).turned(("year", "item"))
