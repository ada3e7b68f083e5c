"""What lies outside the tested range is counted in time and named by stressor."""

from __future__ import annotations

import numpy as np
import pytest

from kitaran.planning import lifetime

TIME_S = 3600.0 * np.arange(49)


def outside(model: str, soc: np.ndarray, temperature: np.ndarray) -> dict[str, object]:
    cut = lifetime.windows(TIME_S, soc, temperature)
    return lifetime.outside_tested_range(lifetime.ageing_model(model), cut).as_dict()


def test_a_day_in_two_beyond_the_hottest_test_is_half_the_time() -> None:
    swing = np.tile([1.0, 0.1], 25)[:49]
    hot = np.where(TIME_S <= 86400, 40.0, 65.0)
    found = outside("nmc_lto_10ah", swing, hot)
    assert found["share"] == pytest.approx(0.5, abs=0.02)
    assert found["reasons"] == [{"stressor": "temperature above tested", "share": found["share"]}]


def test_a_shallow_cycle_is_outside_a_test_on_full_cycles() -> None:
    day = np.interp(np.arange(49) % 24, [0, 12, 24], [0.8, 0.6, 0.8])
    found = outside("lfp_gr_250ah", day, np.full(49, 25.0))
    assert found["share"] == pytest.approx(1.0)
    assert [reason["stressor"] for reason in found["reasons"]] == ["depth of discharge below tested"]  # type: ignore[union-attr,index,attr-defined]


def test_use_as_tested_is_inside() -> None:
    day = np.interp(np.arange(49) % 24, [0, 12, 24], [1.0, 0.1, 1.0])
    assert outside("lfp_gr_250ah", day, np.full(49, 25.0)) == {"share": 0.0, "reasons": []}
