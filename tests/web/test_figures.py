"""Figures for people: three significant figures, thin separators, no false precision."""

from __future__ import annotations

import pytest

from kitaran.web.figures import THIN, figure, plain, span, spoken, whole


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1234567.0, f"1{THIN}230{THIN}000"),
        (999.6, f"1{THIN}000"),
        (12.345, "12.3"),
        (4.5, "4.50"),
        (0.01234, "0.0123"),
        (0.000158, "0.0002"),
        (0.00001, "under 0.0001"),
        (0.0, "0"),
        (-1234.5, f"-1{THIN}230"),
        (None, ""),
        (float("nan"), ""),
    ],
)
def test_three_significant_figures(value: float | None, text: str) -> None:
    assert figure(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(77.7e6, "77.7 million"), (2.5e9, "2.50 billion"), (999_999.0, "1.00 million"), (850.0, "850")],
)
def test_large_counts_are_said_as_one_says_them(value: float, text: str) -> None:
    assert spoken(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(1572.0, f"1{THIN}572"), (0.6, "0.6"), (2.25, "2.25"), (123456.789, f"123{THIN}456.789")],
)
def test_a_figure_of_a_source_keeps_all_its_digits(value: float, text: str) -> None:
    assert whole(value) == text


@pytest.mark.parametrize(
    ("value", "text"), [(0.01, "0.01"), (10.0, "10"), (1000.0, f"1{THIN}000"), (1e7, "10 million")]
)
def test_round_limits_have_no_idle_noughts(value: float, text: str) -> None:
    assert plain(value) == text


def test_a_range_needs_both_ends() -> None:
    assert span(1.0, 2.5) == "1.00 – 2.50"
    assert span(None, 2.5) == ""
