"""The valuation reads ranges and draws samples as `kitaran.uncertainty` does."""

from __future__ import annotations

import numpy as np
import pytest

from kitaran.planning.market.valuation.ranges import at_score, drawn_scores, p10_and_p90
from kitaran.planning.uncertainty import Sampler, quantiles
from kitaran.planning.uncertainty.distributions import spread


@pytest.mark.parametrize(
    ("value", "low", "high", "fraction"),
    [(10.0, 5.0, 30.0, False), (0.3, 0.1, 0.5, True), (0.0, -2.0, 1.0, False), (0.2, 0.0, 0.6, False)],
)
def test_a_range_is_read_as_in_every_other_result(
    value: float, low: float, high: float, fraction: bool
) -> None:
    score = np.linspace(-3, 3, 41)
    assert at_score(value, low, high, fraction, score) == pytest.approx(
        spread(value, low, high, fraction, 1.0).at(score)
    )


def test_draws_of_a_name_are_those_of_the_sampler() -> None:
    assert drawn_scores("cobalt", 64, 3) == pytest.approx(Sampler(64, 3).normal("cobalt"))


def test_quantiles_are_those_of_every_other_result() -> None:
    samples = np.random.default_rng(1).normal(size=(5, 37))
    low, _, high = quantiles(samples)
    assert np.allclose(p10_and_p90(samples), (low, high))
