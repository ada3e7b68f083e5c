"""No answer, and no difference of two, tells what fewer than five holders have, nor what one of them has."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import combinations
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from kitaran.observatory.disclosed import Snapshot, fixed, load, snapshot
from kitaran.observatory.registered import Registered
from kitaran.observatory.sensitivity import FEWEST_HOLDERS, PERCENT, Cohort, tellable

NMC, LFP = "NMC811", "LFP"


def held(
    holders: int, chemistry: str = NMC, each: int = 1, cohort: int = 2022, start: int = 0
) -> list[Registered]:
    return [
        Registered(f"{chemistry}-{cohort}-{holder}-{n}", f"operator-{holder}", "car", cohort, chemistry, 60.0)
        for holder in range(start, start + holders)
        for n in range(each)
    ]


def told(batteries: list[Registered], before: Snapshot | None = None) -> dict[tuple[int, str], int]:
    return {(c.cohort, c.chemistry): c.count for c in snapshot(batteries, "2026-Q1", before).told.cells}


def test_a_cell_of_few_holders_is_not_told_however_many_batteries_they_have() -> None:
    assert told(held(6, each=3)) == {(2022, NMC): 18}
    assert told(held(4, each=300)) == {}


def test_four_of_five_holders_do_not_learn_what_the_fifth_has() -> None:
    assert told(held(5, each=20)) == {}
    assert not tellable([20, 20, 20, 20, 20])
    assert tellable([20, 20, 20, 20, 20, 2])
    assert not tellable([20, 20, 20, 20, 20, 1])


def test_one_holder_with_nearly_all_is_not_told_by_the_sum() -> None:
    fleet, small = held(1, each=100), held(20, start=1)
    assert told(fleet + small[:13]) == {}
    assert told(fleet + small[:14]) == {(2022, NMC): 114}


def test_nearly_all_the_energy_with_one_holder_counts_as_much_as_nearly_all_the_batteries() -> None:
    big = Registered("big", "operator-0", "car", 2022, NMC, 600.0)
    small = [Registered(f"s{n}", f"operator-{n}", "car", 2022, NMC, 5.0) for n in range(1, 8)]
    even = [Registered(f"s{n}", f"operator-{n}", "car", 2022, NMC, 600.0) for n in range(1, 8)]
    assert told([big, *small]) == {}
    assert told([big, *even]) == {(2022, NMC): 8}


def test_small_chemistries_of_a_cohort_join_until_they_may_be_told() -> None:
    assert told(held(3) + held(3, LFP, start=3)) == {(2022, "any"): 6}
    assert told(held(3) + held(3, LFP, start=1)) == {}
    assert told(held(6) + held(2, LFP)) == {(2022, NMC): 6}


def test_a_quarter_is_told_once_whatever_happens_in_it(tmp_path: Path) -> None:
    path = tmp_path / "registered-THA.json"
    first = fixed(path, held(6), date(2026, 1, 5))
    assert fixed(path, held(20), date(2026, 3, 31)) == first
    assert fixed(path, held(20), date(2026, 4, 1)).cells[0].count == 20
    assert path.stat().st_mode & 0o077 == 0


def test_from_quarter_to_quarter_a_cell_moves_only_if_enough_holders_moved_it() -> None:
    before = snapshot(held(6), "2026-Q1")
    assert told(held(7), before) == {(2022, NMC): 6}
    assert told(held(11), before) == {(2022, NMC): 6}
    assert told(held(12), before) == {(2022, NMC): 12}
    assert told([], before) == {}
    assert told(held(2), before) == {}


def test_changes_that_wait_are_told_once_enough_have_come_together() -> None:
    state = snapshot(held(6), "2026-Q1")
    for more in range(1, 6):
        state = snapshot(held(6 + more), f"2026-Q{more}", state)
        assert state.told.cells[0].count == 6
    assert snapshot(held(12), "2027-Q1", state).told.cells[0].count == 12


def test_a_state_is_held_against_every_earlier_one_not_the_last_alone() -> None:
    first = snapshot(held(6), "2026-Q1")
    second = snapshot(held(12), "2026-Q2", first)
    assert second.told.cells[0].count == 12
    seventh = held(6) + held(1, start=12)
    assert told(seventh, second) == {(2022, NMC): 12}
    assert told(seventh, snapshot(held(12), "2026-Q1")) == {(2022, NMC): 7}


def test_one_battery_does_not_show_in_a_sum_when_chemistries_begin_to_be_told_together() -> None:
    before = snapshot(held(6), "2026-Q1")
    retold = [Registered(b.battery, b.holder, "car", 2022, "unknown", 60.0) for b in held(6)]
    assert told(retold, before) == {(2022, "any"): 6}
    assert told(retold + held(1, LFP, start=6), before) == {(2022, NMC): 6}


def test_what_is_kept_comes_back_as_it_was_told_and_names_no_battery(tmp_path: Path) -> None:
    path = tmp_path / "registered-THA.json"
    made = fixed(path, held(6) + held(6, LFP, cohort=2020), date(2026, 1, 5))
    kept = load(path)
    assert kept is not None
    assert kept.told == made
    assert "LFP-2020-0-0" not in path.read_text()


STATES = st.lists(
    st.builds(
        lambda number, holder, cohort, chemistry, energy: Registered(
            f"battery-{number}", f"operator-{holder}", "car", cohort, chemistry, energy
        ),
        st.integers(0, 60),
        st.integers(0, 11),
        st.sampled_from([2020, 2021]),
        st.sampled_from([NMC, LFP, "LMFP"]),
        st.sampled_from([50.0, 50.0, 60.5]),
    ),
    min_size=20,
    max_size=60,
    unique_by=lambda one: one.battery,
)


def sums(states: Iterable[Cohort]) -> Iterator[dict[str, list[int]]]:
    """What each holder has of every sum, and of every difference of two, that a reader can work out."""
    every: list[Cohort] = [{}, *states]
    for one, other in combinations(every, 2):
        names = sorted({*one, *other})
        for chosen in (c for size in range(1, len(names) + 1) for c in combinations(names, size)):
            parts: dict[str, list[int]] = {}
            for sign, state in ((-1, one), (1, other)):
                for name in chosen:
                    for holder, amounts in state.get(name, {}).items():
                        had = parts.setdefault(holder, [0, 0])
                        for place in (0, 1):
                            had[place] += sign * amounts[place]
            yield parts


@settings(max_examples=40, deadline=None, derandomize=True)
@given(st.lists(STATES, min_size=1, max_size=4))
def test_four_who_pool_what_they_know_work_out_nobody(quarters: list[list[Registered]]) -> None:
    state: Snapshot | None = None
    for quarter, batteries in enumerate(quarters):
        state = snapshot(batteries, f"2026-Q{quarter}", state)
    assert state is not None
    for states in state.states.values():
        for parts in sums(states):
            for place in (0, 1):
                moved = {holder: abs(p[place]) for holder, p in parts.items() if p[place]}
                assert not moved or len(moved) >= FEWEST_HOLDERS
                for target, size in moved.items():
                    others = sorted(moved[holder] for holder in moved if holder != target)
                    unknown = sum(others[: -(FEWEST_HOLDERS - 1)])
                    assert 100 * unknown >= PERCENT * size, (target, moved)
