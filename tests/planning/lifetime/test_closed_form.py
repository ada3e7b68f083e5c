"""closed_form is finite, monotone and indifferent to how a day is divided."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kitaran.planning import lifetime

from .profiles import COMMUTER, THREE_WHEELER, TIME_S, soc, temperature_c

MODELS = list(lifetime.catalogue())
HOT, COLD, MILD = (32.0, 4.0, 6.0), (0.0, 20.0, 6.0), (16.0, 11.0, 4.0)


@pytest.mark.parametrize("model", MODELS)
def test_a_fresh_battery_stands_at_one(model: str) -> None:
    life = lifetime.simulate(model, TIME_S, soc(COMMUTER), temperature_c(*MILD), years=1)
    assert life.soh[0, 0] == 1.0
    assert life.t_days[0] == 0
    assert life.t_days[-1] == 365


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("climate", [HOT, COLD])
def test_dividing_a_day_moves_nothing(model: str, climate: tuple[float, float, float]) -> None:
    series = (TIME_S, soc(THREE_WHEELER), temperature_c(*climate))
    whole = lifetime.simulate(model, *series, years=2)
    divided = lifetime.simulate(model, *series, years=2, parts=7)
    assert np.abs(whole.soh - divided.soh).max() <= 1e-6


@pytest.mark.parametrize("model", MODELS)
@settings(max_examples=12, deadline=None)
@given(data=st.data())
def test_every_life_is_finite_and_irreversible_states_never_fall(model: str, data: st.DataObject) -> None:
    days = 12
    time = 3600.0 * np.arange(24 * days + 1)
    seed = data.draw(st.integers(0, 2**32 - 1))
    draw = np.random.default_rng(seed)
    temperature = np.clip(draw.uniform(-40, 60) + 30 * draw.standard_normal(time.size), -40, 60)
    charge = np.clip(np.repeat(draw.uniform(-0.2, 1.2, time.size // 3 + 1), 3)[: time.size], 0, 1)
    states = None
    before = {state.name: state.start for state in lifetime.ageing_model(model).states}
    for _ in range(4):
        life = lifetime.simulate(model, time, charge, temperature, years=days / 365, states=states)
        assert np.isfinite(life.soh).all()
        assert life.resistance is None or np.isfinite(life.resistance).all()
        states = life.states
        for state in life.model.states:
            assert np.isfinite(states[state.name]).all()
            if not state.reversible:
                assert states[state.name][0] >= before[state.name] * (1 - 1e-9)
        before = {name: float(y[0]) for name, y in states.items()}


@pytest.mark.parametrize(
    "model",
    ["lfp_gr_250ah", "lmo_gr_leaf_2nd", "nca_gr_panasonic", "nmc111_gr_kokam_75ah", "nmc111_gr_sanyo_2ah"],
)
def test_heat_ages_a_parked_battery_faster_where_the_model_follows_arrhenius(model: str) -> None:
    rest = np.full(TIME_S.size, 0.7)
    lives = [
        lifetime.simulate(model, TIME_S, rest, np.full(TIME_S.size, degrees), years=1).soh[0, -1]
        for degrees in (10.0, 20.0, 30.0, 40.0)
    ]
    assert np.all(np.diff(lives) < 0)


def test_a_season_that_lowers_the_limit_of_a_sigmoid_makes_the_loss_wait() -> None:
    """The published step gives no number here from day 1092 on (Sony LFP in Ulaanbaatar)."""
    life = lifetime.simulate("lfp_gr_sony_3ah", TIME_S, soc(COMMUTER), temperature_c(*COLD), years=5)
    assert np.isfinite(life.soh).all()
    assert np.all(np.diff(life.soh[0]) <= 1e-15)


def test_states_handed_over_continue_the_same_life() -> None:
    series = (TIME_S, soc(COMMUTER), temperature_c(*MILD))
    whole = lifetime.simulate("nmc622_gr_denso_50ah", *series, years=4)
    first = lifetime.simulate("nmc622_gr_denso_50ah", *series, years=3)
    second = lifetime.simulate("nmc622_gr_denso_50ah", *series, years=1, states=first.states)
    assert second.soh[0, 0] == pytest.approx(first.soh[0, -1], abs=1e-12)
    assert second.soh[0, -1] == pytest.approx(whole.soh[0, -1], abs=1e-12)


def test_scatter_acts_on_the_loss_itself() -> None:
    """A calendar loss half as large again is 1.5 times the loss of the same parked cell at any age."""
    rest, heat = np.full(TIME_S.size, 0.7), np.full(TIME_S.size, 30.0)
    life = lifetime.simulate(
        "nca_gr_panasonic", TIME_S, rest, heat, years=3, loss_scale={"q_t": [1.0, 1.5], "q_efc": [1.0, 1.5]}
    )
    loss = 1.0 - life.soh
    assert loss[1] == pytest.approx(1.5 * loss[0], rel=1e-9)


def test_lives_of_one_call_do_not_mix() -> None:
    heat = np.stack([temperature_c(*HOT), temperature_c(*COLD)])
    both = lifetime.simulate("nmc_gr_50ah_b2", TIME_S, soc(COMMUTER), heat, years=1)
    for index, series in enumerate(heat):
        alone = lifetime.simulate("nmc_gr_50ah_b2", TIME_S, soc(COMMUTER), series, years=1)
        assert both.soh[index] == pytest.approx(alone.soh[0], abs=1e-12)
