"""Which way retired batteries go."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as drawn

from kitaran.foundation.errors import KitaranError
from kitaran.planning.fleet.routes import (
    AGAIN,
    FORMAL,
    HOARD,
    IN_VEHICLES,
    INFORMAL,
    INFORMAL_PROCESSING,
    LOST,
    RECYCLING,
    RETIRED,
    REUSE,
    SCRAP,
    SPENT_EXPORT,
    STOCKPILE,
    Collection,
    Retiring,
    Routes,
    Triage,
    Use,
    assert_routes_balance,
    broken_balance,
    routes,
)
from kitaran.planning.fleet.second_life import leaving_by_year, serving, stored
from kitaran.planning.fleet.survival import Family

YEARS, SAMPLES = 30, 3


def _share(value: float) -> np.ndarray:
    return np.full((YEARS, 1, SAMPLES), value)


def _collection(in_vehicles=0.1, formal=0.5, hoarded=0.2, lost=0.1) -> Collection:  # type: ignore[no-untyped-def]
    return Collection(*map(_share, (in_vehicles, formal, hoarded, lost)))


TRIAGE = Triage(
    passing=_share(0.9),
    reused=_share(0.3),
    repurposed=_share(0.5),
    spent_export=_share(0.1),
    stockpiled=_share(0.2),
    stockpile_years=np.full(SAMPLES, 3.0),
    hoard_years=np.full(SAMPLES, 4.0),
    informal_to_formal=_share(0.25),
    formal_again=_share(0.8),
)


def _leaving(years: float) -> np.ndarray:
    return leaving_by_year(Family.WEIBULL, np.full(SAMPLES, years), 0.3, YEARS)


USES = [
    Use("storage", np.full(SAMPLES, 0.8), _leaving(10.0)),
    Use("light_vehicles", np.full(SAMPLES, 0.2), _leaving(4.0)),
]
AMOUNT = np.ones((YEARS, 2, SAMPLES))


def _retiring(again: float = 0.2, elsewhere: float = 0.6, **shares: float) -> Retiring:
    fit = np.full_like(AMOUNT, again), np.full_like(AMOUNT, elsewhere)
    return Retiring(AMOUNT, *fit, _collection(**shares))


def _routes(each: Retiring, triage: Triage = TRIAGE, scrap: np.ndarray | None = None) -> Routes:
    return routes([each], triage, each.collection, USES, _leaving(5.0), scrap)


def test_what_is_collected_and_what_is_not_is_what_retired() -> None:
    found = _routes(_retiring())
    ways = (IN_VEHICLES, FORMAL, INFORMAL, HOARD, LOST)
    assert np.sum([found.links[RETIRED, way] for way in ways], axis=0) == pytest.approx(AMOUNT)
    assert found.links[RETIRED, FORMAL] == pytest.approx(0.9 * 0.5)
    assert found.links[RETIRED, HOARD] == pytest.approx(0.9 * 0.5 * 0.2)


def test_a_battery_below_the_limit_of_health_is_never_used_again() -> None:
    found = _routes(_retiring(again=0.0, elsewhere=0.0))
    assert not found.links[FORMAL, REUSE].any()
    assert not found.links[FORMAL, "storage"].any()


def test_no_more_is_used_again_than_is_fit_and_sound() -> None:
    eager = replace(TRIAGE, reused=_share(1.0), repurposed=_share(1.0))
    found = _routes(_retiring(again=0.2, elsewhere=0.6), eager)
    formal = found.links[RETIRED, FORMAL]
    assert found.links[FORMAL, REUSE] == pytest.approx(formal * 0.2 * 0.9)
    elsewhere = found.links[FORMAL, "storage"] + found.links[FORMAL, "light_vehicles"]
    assert elsewhere == pytest.approx(formal * (0.6 - 0.2) * 0.9)


def test_a_hoarded_battery_comes_out_later_and_no_sooner() -> None:
    once = np.zeros((YEARS, 1, SAMPLES))
    once[0] = 1.0
    hoard = stored(once, np.full(SAMPLES, 4.0))
    assert not hoard.leaving[0].any()
    assert hoard.leaving[1] == pytest.approx(0.25)
    mean = (np.arange(YEARS)[:, None, None] * hoard.leaving).sum(axis=0) / hoard.leaving.sum(axis=0)
    assert mean == pytest.approx(4.0, abs=0.05)
    assert hoard.leaving.sum(axis=0) + hoard.stock[-1] == pytest.approx(1.0)


def test_second_life_delays_recycling() -> None:
    without = _routes(_retiring(), replace(TRIAGE, repurposed=_share(0.0), reused=_share(0.0)))
    found = _routes(_retiring())
    assert (found.into(RECYCLING)[0] < without.into(RECYCLING)[0]).all()
    assert (found.into(RECYCLING).sum(axis=0) < without.into(RECYCLING).sum(axis=0)).all()
    assert found.into(RECYCLING)[-1] == pytest.approx(without.into(RECYCLING)[-1], rel=0.3)


def test_a_use_of_ten_years_is_left_after_ten_years_on_average() -> None:
    once = np.zeros((60, 1, 1))
    once[0] = 1.0
    use = serving(once, leaving_by_year(Family.WEIBULL, np.array([10.0]), 0.3, 60))
    mean = (np.arange(60)[:, None, None] * use.leaving).sum()
    assert use.leaving.sum() == pytest.approx(1.0)
    assert mean == pytest.approx(10.0)  # entries in mid year, exits in mid year
    assert use.stock[0] == pytest.approx(1.0, abs=1e-4)
    assert use.stock[-1] == pytest.approx(0.0, abs=1e-12)


def test_nothing_that_ended_a_second_use_is_used_a_third_time() -> None:
    twice = _routes(_retiring())
    again = [flow for (start, to), flow in twice.links.items() if start.endswith(AGAIN) and to != RECYCLING]
    assert {to for start, to in twice.links if start == "storage" + AGAIN} == {FORMAL, INFORMAL, LOST}
    assert len(again) == 3 * 4  # from the hoard, from vehicles and from both second uses
    formal = twice.links[RETIRED, FORMAL]
    reused = (
        twice.links[FORMAL, REUSE] + twice.links[FORMAL, "storage"] + twice.links[FORMAL, "light_vehicles"]
    )
    assert (reused <= formal * 0.6 * 0.9 + 1e-12).all()


def test_production_scrap_joins_the_recyclers_feed() -> None:
    scrap = np.full_like(AMOUNT, 0.3)
    with_scrap, without = _routes(_retiring(), scrap=scrap), _routes(_retiring())
    assert with_scrap.into(RECYCLING) == pytest.approx(without.into(RECYCLING) + 0.3)


def test_more_formal_collection_never_leaves_less_to_recyclers_and_second_uses() -> None:
    def kept(formal: float) -> np.ndarray:
        found = _routes(_retiring(formal=formal))
        return found.out_of(FORMAL).cumsum(axis=0)

    assert (kept(0.7) > kept(0.5)).all()
    assert (kept(0.5) > kept(0.2)).all()


fractions = st.floats(0.0, 1.0)
arrays = drawn.arrays(np.float64, (YEARS, 1, SAMPLES), elements=fractions)
amounts = drawn.arrays(np.float64, (YEARS, 2, SAMPLES), elements=st.floats(0.0, 1e6))


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(amounts, arrays, arrays, arrays, arrays, arrays), min_size=1, max_size=3),
    st.lists(arrays, min_size=8, max_size=8),
    st.floats(1.0, 20.0),
    st.floats(1.0, 20.0),
)
def test_every_place_gives_what_it_gets_whatever_the_shares(
    classes: list[tuple[np.ndarray, ...]], shares: list[np.ndarray], delay: float, life: float
) -> None:
    retiring = []
    for amount, in_vehicles, formal, hoarded, fit, part in classes:
        elsewhere = fit + (1 - fit) * part
        where = Collection(in_vehicles, formal, hoarded, (1 - hoarded) * part)
        retiring.append(Retiring(amount, amount * fit, amount * elsewhere, where))
    triage = Triage(*shares[:5], np.full(SAMPLES, delay), np.full(SAMPLES, delay), *shares[5:7])
    scrap = np.ones_like(AMOUNT) * shares[7]
    found = routes(retiring, triage, retiring[0].collection, USES, _leaving(life), scrap)
    retired = np.sum([each.amount for each in retiring], axis=0)
    stores = {
        name: found.into(name) - np.diff(stock, axis=0, prepend=0.0) for name, stock in found.stocks.items()
    }
    sources = {RETIRED: retired, SCRAP: scrap, **{name + AGAIN: left for name, left in stores.items()}}
    assert broken_balance(found.links, sources) < 1e-9
    ends = [IN_VEHICLES, LOST, SPENT_EXPORT, RECYCLING, INFORMAL_PROCESSING]
    held = np.sum([stock[-1] for stock in found.stocks.values()], axis=0)
    left = np.sum([found.into(end).sum(axis=0) for end in ends], axis=0)
    assert left + held == pytest.approx((retired + scrap).sum(axis=0), rel=1e-9)
    assert all(stock.min() >= -1e-9 * max(1.0, stock.max()) for stock in found.stocks.values())


def test_a_break_of_the_balance_stops_the_run() -> None:
    found = _routes(_retiring())
    links = {**found.links, (FORMAL, STOCKPILE): found.links[FORMAL, STOCKPILE] * 1.001}
    with pytest.raises(KitaranError, match="do not balance"):
        assert_routes_balance(links, {RETIRED: AMOUNT}, "THA")
