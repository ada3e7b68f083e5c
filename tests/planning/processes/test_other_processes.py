"""Informal processing, collection, repurposing, and the register of all processes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kitaran import processes
from kitaran.foundation.errors import InputError, NotFoundError
from kitaran.planning.processes.informal import MEDIA, PROCESSES
from kitaran.planning.processes.repurposing import STEPS

THAILAND = processes.place("THA")


def line(**changed: Any) -> Any:
    asked: dict[str, Any] = {
        "packs_per_year": 2000,
        "pack_kwh": 45,
        "soh_mean": 0.8,
        "soh_spread": 0.05,
        "place": THAILAND,
    }
    return processes.repurposing(**{**asked, **changed})


def test_every_process_is_one_record_and_one_function() -> None:
    known = processes.processes()
    assert len(known) == 11
    assert all(callable(each.compute) and each.title for each in known)
    assert not any(each.recommended for each in known if each.stage == "informal")
    assert processes.process("direct").compute is not None
    with pytest.raises(NotFoundError, match="alchemy"):
        processes.process("alchemy")


# -- informal


@pytest.mark.parametrize("process", PROCESSES)
def test_what_is_not_recovered_is_lost_and_the_media_together_hold_it(process: str) -> None:
    element = "Co" if process == "informal_lithium" else "Pb"
    found = processes.losses(process, {element: 100.0})
    assert found.recovered[element].value + found.lost[element].value == pytest.approx(100)
    assert sum(found.to[medium][element].value for medium in MEDIA) == pytest.approx(
        found.lost[element].value
    )
    for span in (*found.recovered.values(), *found.lost.values(), *found.harm.values()):
        assert span.low <= span.value <= span.high
        assert span.source


def test_informal_lead_loses_more_than_licensed_smelting_and_is_never_recommended() -> None:
    informal, licensed = (
        processes.losses(name, {"Pb": 1.0}) for name in ("informal_lead", "secondary_lead_smelting")
    )
    assert informal.lost["Pb"].low > licensed.lost["Pb"].high
    assert not informal.recommended
    assert licensed.recommended
    # Ericson and co-authors 2016: 10,599 to 29,241 sites in 90 countries.
    assert (informal.harm["sites"].low, informal.harm["sites"].high) == (10_599, 29_241)


def test_an_element_of_which_nothing_is_known_is_refused() -> None:
    with pytest.raises(InputError, match="graphite"):
        processes.losses("informal_lithium", {"graphite": 1.0})
    with pytest.raises(InputError, match="backyard"):
        processes.losses("backyard", {"Co": 1.0})


# -- collection


def test_collection_costs_more_over_more_kilometres_and_for_damaged_packs() -> None:
    plain = processes.collection(THAILAND)
    far = processes.collection(THAILAND, {"distance_local_km": np.array([200.0, 400.0])})
    assert plain.cost_usd < far.cost_usd[0] < far.cost_usd[1]
    broken = processes.collection(THAILAND, {"share_damaged": np.asarray(0.5)})
    assert broken.packaging_of_damaged > plain.packaging_of_damaged
    assert broken.haulage == plain.haulage


# -- repurposing


@given(
    mean=st.floats(0.6, 0.95),
    spread=st.floats(0, 0.15),
    packs=st.floats(100, 50_000),
    joined=st.sampled_from(("bolted", "glued")),
)
def test_no_more_energy_leaves_the_line_than_packs_bring(
    mean: float, spread: float, packs: float, joined: str
) -> None:
    made = line(soh_mean=mean, soh_spread=spread, packs_per_year=packs, joined=joined)
    assert 0 <= made.accepted <= 1
    if made.kwh_out_per_pack > 0.01:
        parts = sum(made.parts_usd_per_kwh.values())
        assert parts == pytest.approx(float(made.cost_usd_per_kwh), rel=1e-9)
        assert made.cost_usd_per_kwh > 0


def test_cost_falls_with_throughput_and_health_and_rises_with_spread_and_glue() -> None:
    by_scale = line(packs_per_year=np.array([100, 1000, 10_000])).cost_usd_per_kwh
    assert np.all(np.diff(by_scale) < 0)
    by_health = line(soh_mean=np.array([0.7, 0.8, 0.9])).cost_usd_per_kwh
    assert np.all(np.diff(by_health) < 0)
    by_spread = line(soh_spread=np.array([0.01, 0.05, 0.1])).cost_usd_per_kwh
    assert np.all(np.diff(by_spread) > 0)
    assert line(joined="glued").cost_usd_per_kwh > line(joined="bolted").cost_usd_per_kwh
    assert line(hours_to_open=8).cost_usd_per_kwh > line(hours_to_open=1).cost_usd_per_kwh


def test_a_common_pack_lands_within_the_published_range() -> None:
    # NREL 2012: repurposed batteries sell from 38 to 132 USD/kWh, the price of the pack among it.
    cost = line(place=processes.place("USA"), paid_usd_per_kwh=20).cost_usd_per_kwh
    assert 38 < cost < 132


def test_without_spread_the_line_takes_all_or_nothing() -> None:
    assert line(soh_spread=0.0, soh_mean=0.69).accepted == 0
    all_of_it = line(soh_spread=0.0, soh_mean=0.71)
    assert all_of_it.kwh_out_per_pack == pytest.approx(45 * 0.71 * float(all_of_it.accepted))


def test_hours_come_by_step_and_make_jobs() -> None:
    made = line(packs_per_year=5000)
    assert tuple(made.hours_per_pack) == STEPS
    assert made.jobs == pytest.approx(5000 * sum(made.hours_per_pack.values()) / 1880)


def test_training_places_fill_new_jobs_and_replace_those_who_leave() -> None:
    places = processes.training_places([10, 20, 20, 5], turnover=0.1)
    assert places == pytest.approx([10, 11, 2, 0])


def test_every_step_of_repurposing_has_a_skill_with_days_of_training() -> None:
    known = {skill.step: skill for skill in processes.skills("repurposing")}
    assert set(known) == set(STEPS)
    for skill in processes.skills():
        assert 0 < skill.days_low <= skill.days <= skill.days_high
        assert skill.process in {each.id for each in processes.processes()}


def test_jobs_follow_the_hours_of_packs_and_the_crew_of_plants() -> None:
    made = line(packs_per_year=5000)
    by_step = processes.repurposing_jobs(made, 5000)
    assert sum(by_step.values()) == pytest.approx(float(made.jobs))
    case = processes.cost("hydrometallurgical", "LFP", "eol_module", 10_000, "THA", battery="pack")
    # 192 person-hours a day on 320 days over 1880 h: 32.7 workers.
    assert processes.plant_jobs(case.recovery.cost) == pytest.approx(192 * 320 / 1880)
    # About 4.7 workers per kt of NMC packs of 0.515 t at 4.5 h; LFP packs are heavier and opened to modules.
    packs_t = 10_000 * float(case.disassembly.packs_kg)
    workers = float(processes.disassembly_jobs(case.disassembly, 10_000))
    assert workers / packs_t * 1000 == pytest.approx(1000 / 0.6486 * 2.5 / 1880, rel=1e-3)


@pytest.mark.parametrize(
    "changed", [{"joined": "stapled"}, {"packs_per_year": 0}, {"soh_mean": 2}, {"soh_spread": -0.1}]
)
def test_a_line_that_cannot_be_is_refused(changed: dict[str, Any]) -> None:
    with pytest.raises(InputError):
        line(**changed)
