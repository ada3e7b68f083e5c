"""Equations in tables are arithmetic and nothing else, and splitting them loses nothing."""

from __future__ import annotations

import numpy as np
import pytest

from kitaran.foundation.errors import InputError
from kitaran.planning.lifetime import catalogue
from kitaran.planning.lifetime.equations import SAMPLE_SYMBOLS, parse


@pytest.mark.parametrize(
    "text", ["__import__('os')", "T.real", "[T]", "lambda: 1", "open(T)", "T +", "max(a=1)"]
)
def test_a_table_cannot_run_a_program(text: str) -> None:
    with pytest.raises(InputError):
        parse(text, "a row")


@pytest.mark.parametrize("model", catalogue())
def test_the_two_parts_of_a_rate_multiply_to_the_rate(model: str) -> None:
    draw = np.random.default_rng(4)
    for rate in catalogue()[model].rates:
        names = rate.equation.names
        values = {name: draw.uniform(0.2, 0.9, 5) for name in names}
        values |= {name: draw.uniform(250, 330, 5) for name in names & {"T", "Tm"}}
        values |= {name: draw.uniform(0.85, 1.05, 5) for name in names & {"Tn"}}
        values |= {name: draw.uniform(3.3, 4.1, 5) for name in names & {"V", "Vrms"}}
        whole = rate.equation(values)
        assert rate.window(values) * rate.sample(values) == pytest.approx(whole, rel=1e-11)
        assert not rate.window.names & SAMPLE_SYMBOLS


def test_powers_written_as_products_are_the_same_powers() -> None:
    x = np.linspace(0.1, 3, 7)
    for text in ("x**2", "x**3", "x**4", "x**0.5", "x**0.25", "x**(1/3)", "x**-1", "x**-0.5", "x**1.7"):
        exponent = eval(text.removeprefix("x**"))
        assert parse(text, "a row")({"x": x}) == pytest.approx(x**exponent, rel=1e-14)
