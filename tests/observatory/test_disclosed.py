"""Five holders: no answer, and no difference of two, tells what fewer than five holders have."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from kitaran.observatory.disclosed import FEWEST_HOLDERS, Snapshot, fixed, load, snapshot
from kitaran.observatory.registered import Registered

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


def test_a_cell_of_five_holders_is_told_and_one_of_four_is_not() -> None:
    assert told(held(5, each=3)) == {(2022, NMC): 15}
    assert told(held(4, each=300)) == {}


def test_small_chemistries_of_a_cohort_join_until_five_holders_stand_behind_them() -> None:
    assert told(held(3) + held(2, LFP, start=3)) == {(2022, "any"): 5}
    assert told(held(3) + held(2, LFP, start=1)) == {}
    assert told(held(5) + held(2, LFP)) == {(2022, NMC): 5}


def test_what_is_left_out_is_counted_only_where_five_holders_stand_behind_it() -> None:
    few = snapshot(held(5) + held(4, LFP, each=7, cohort=2019), "2026-Q1").told
    many = snapshot(held(3, cohort=2018) + held(3, cohort=2019, start=3), "2026-Q1").told
    none = snapshot(held(5), "2026-Q1").told
    assert few.left_out is none.left_out is None
    assert many.cells == ()
    assert many.left_out == 6


def test_a_quarter_is_told_once_whatever_happens_in_it(tmp_path: Path) -> None:
    path = tmp_path / "registered-THA.json"
    first = fixed(path, held(6), date(2026, 1, 5))
    assert fixed(path, held(20), date(2026, 3, 31)) == first
    assert fixed(path, held(20), date(2026, 4, 1)).cells[0].count == 20
    assert path.stat().st_mode & 0o077 == 0


def test_from_quarter_to_quarter_a_cell_moves_only_if_five_holders_moved_it() -> None:
    before = snapshot(held(6), "2026-Q1")
    one_more = held(6) + held(1, start=6)
    assert told(one_more, before) == {(2022, NMC): 6}
    assert told(held(5), before) == {(2022, NMC): 6}
    assert told(held(6) + held(5, start=6), before) == {(2022, NMC): 11}
    assert told([], before) == {}
    assert told(held(2), before) == {}


def test_changes_that_wait_are_told_once_enough_have_come_together() -> None:
    state = snapshot(held(6), "2026-Q1")
    for more in range(1, 5):
        state = snapshot(held(6 + more), f"2026-Q{more}", state)
        assert state.told.cells[0].count == 6
    assert snapshot(held(11), "2027-Q1", state).told.cells[0].count == 11


def test_a_snapshot_is_kept_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "registered-THA.json"
    made = fixed(path, held(6) + held(5, LFP, cohort=2020), date(2026, 1, 5))
    kept = load(path)
    assert kept is not None
    assert kept.told == made


STATES = st.lists(
    st.builds(
        lambda number, holder, cohort, chemistry: Registered(
            f"battery-{number}", f"operator-{holder}", "car", cohort, chemistry, 50.0
        ),
        st.integers(0, 40),
        st.integers(0, 9),
        st.sampled_from([2020, 2021]),
        st.sampled_from([NMC, LFP, "LMFP"]),
    ),
    max_size=40,
    unique_by=lambda one: one.battery,
)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.lists(STATES, min_size=1, max_size=4))
def test_no_answer_and_no_difference_of_two_tells_of_fewer_than_five_holders(
    states: list[list[Registered]],
) -> None:
    before: Snapshot | None = None
    for quarter, batteries in enumerate(states):
        now = snapshot(batteries, f"2026-Q{quarter}", before)
        for key, members in now.groups.items():
            assert len({holder for holder, _ in members.values()}) >= FEWEST_HOLDERS, key
        for key in {*now.groups, *(before.groups if before else {})}:
            old = (before.groups.get(key) if before else None) or {}
            new = now.groups.get(key) or {}
            moved = old.keys() ^ new.keys()
            behind = {(old.get(one) or new[one])[0] for one in moved}
            assert not moved or len(behind) >= FEWEST_HOLDERS, key
        before = now
