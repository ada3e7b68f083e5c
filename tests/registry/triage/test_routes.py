"""The way of a battery: health bars, value chooses."""

from __future__ import annotations

import numpy as np

from kitaran.registry.triage import grade
from kitaran.registry.triage.columns import SEEN
from kitaran.registry.triage.pulse_tests import pulse_tests_of
from kitaran.registry.triage.routes import route

LOOKED = dict.fromkeys(SEEN, "0")


def after_capacity_test(chemistry: str, ah: float, **seen: str) -> dict[str, str]:
    return {"chemistry": chemistry, "q_nominal_ah": "50", "capacity_test_ah": f"{ah}", **LOOKED, **seen}


def test_value_chooses_among_the_ways_that_health_allows() -> None:
    given = [
        after_capacity_test("LFP", 46),
        after_capacity_test("LFP", 34),
        after_capacity_test("LFP", 25),
        after_capacity_test("LFP", 46, leaked="1"),
    ]
    routed = route(grade(pulse_tests_of(given, "given")), "THA")
    assert routed.route[0].split(":")[0] in ("reuse", "repurpose")
    assert routed.value_usd[0] > 0
    assert not routed.route[1].startswith("reuse")
    assert routed.route[2].startswith("recycle:")
    assert routed.route[3] == "quarantine"
    assert np.isnan(routed.value_usd[3])
    for best, worth, others in zip(routed.route, routed.value_usd, routed.alternatives, strict=True):
        allowed = [
            way.value_usd for way in others if way.allowed and way.may_be_best and not np.isnan(way.value_usd)
        ]
        assert best.startswith("recycle") or best == "quarantine" or worth >= max(allowed)


def test_without_an_economy_the_grade_tells_the_way_and_nothing_is_valued() -> None:
    routed = route(
        grade(pulse_tests_of([after_capacity_test("LFP", 46), after_capacity_test("LFP", 34)], "given"))
    )
    assert routed.route.tolist() == ["reuse", "repurpose:home_solar"]
    assert np.isnan(routed.value_usd).all()


def test_nothing_is_melted_for_want_of_a_figure() -> None:
    # no ageing model of LMO is known, so its second life has no value; its health is good
    routed = route(grade(pulse_tests_of([after_capacity_test("LMO", 48)], "given")), "THA")
    assert routed.route[0] == "reuse"
