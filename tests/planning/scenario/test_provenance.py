"""The rows that a result names as its inputs."""

from __future__ import annotations

from collections import Counter

from kitaran.planning import scenario


def test_a_counted_row_stands_once_and_a_count_of_all_classes_says_that_only_a_part_is_used() -> None:
    found = scenario.run_economy(scenario.load("asia-pacific"), "THA", samples=10, seed=1).inputs
    counted = [entry for entry in found if entry.role in ("sales", "stock")]
    assert max(Counter((e.vehicle_class, e.role, e.row_id) for e in counted).values()) == 1
    of_all = [e for e in counted if e.vehicle_class == "bus" and ".all." in e.row_id]
    assert of_all
    assert all("only a part" in e.note for e in of_all)
    # The bus count of 2023 stands on its own and also splits other years' counts: its own grade is shown.
    assert {e.grade for e in counted if e.row_id.startswith("ev_sales/THA.bus.BEV.2023")} == {"B"}
