"""Packs become modules, modules cells, cells packs again; mass comes out of nothing nowhere."""

from __future__ import annotations

from typing import Any

import pytest

from kitaran.registry.assembly import Registry
from kitaran.registry.ledger.errors import ConflictError, NotAllowedError

from .conftest import Yard, assert_rebuilt_the_same, standing


def part(item: str, mass_kg: str, form: str = "module", count: int = 1) -> dict[str, Any]:
    return {"item": item, "form": form, "count": count, "mass_kg": mass_kg}


def taken(item: str, mass_kg: str, count: int = 1) -> dict[str, Any]:
    return {"item": item, "count": count, "mass_kg": mass_kg}


def split(yard: Yard, whole: str, parts: list[dict[str, Any]], **payload: Any) -> str:
    items = [whole, *(one["item"] for one in parts)]
    return yard.say("split", items, {"parts": parts, "facility": "works-1", **payload})


def merge(yard: Yard, result: dict[str, Any], takes: list[dict[str, Any]], **payload: Any) -> str:
    items = [result["item"], *(one["item"] for one in takes)]
    return yard.say("merged", items, {"result": result, "takes": takes, "facility": "works-1", **payload})


def edges(found: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(one["source"], one["product"]) for one in found]


def test_a_pack_is_split_into_modules_and_closed(registry: Registry, works: Yard) -> None:
    works.begins("pack-1", "100")
    split(works, "pack-1", [part("m-1", "30"), part("m-2", "30.5")])
    whole, module = standing(registry, "pack-1"), standing(registry, "m-2")
    assert (whole.status, whole.count, module.status, str(module.mass_kg)) == ("closed", 0, "held", "30.5")
    assert (module.holder, module.owner) == (works.id, works.id)
    with pytest.raises(ConflictError, match="pack-1 is closed"):
        works.say("installed", "pack-1", {"what": "vehicle", "host": "bus-7"})
    assert_rebuilt_the_same(registry)


def test_what_is_not_taken_out_stays_the_rest(registry: Registry, works: Yard) -> None:
    works.begins("lot-1", "100.5", form="cell", count=200)
    parts = [part("lot-2", "50.25", "cell", 100)]
    split(works, "lot-1", parts, rest={"count": 100, "mass_kg": "50.25"})
    rest = standing(registry, "lot-1")
    assert (rest.status, rest.count, str(rest.mass_kg)) == ("held", 100, "50.25")


@pytest.mark.parametrize(
    ("parts", "rest", "words"),
    [
        ([part("m-1", "60"), part("m-2", "40.001")], None, "100.001 kg cannot come from 100 kg"),
        ([part("m-1", "60")], {"count": 1, "mass_kg": "41"}, "101 kg cannot come from 100 kg"),
        ([part("p-1", "30", "pack"), part("p-2", "30", "pack")], None, "has 1 pieces"),
    ],
)
def test_neither_mass_nor_pieces_grow_by_a_split(
    works: Yard, parts: list[dict[str, Any]], rest: dict[str, Any] | None, words: str
) -> None:
    works.begins("pack-1", "100")
    more = {} if rest is None else {"rest": rest}
    with pytest.raises(ConflictError, match=words):
        split(works, "pack-1", parts, **more)


def test_no_pack_comes_out_of_a_cell_and_no_id_is_used_twice(works: Yard, fleet: Yard) -> None:
    works.begins("cells", "10", form="cell", count=10)
    with pytest.raises(NotAllowedError, match="No pack is in a cell"):
        split(works, "cells", [part("p-1", "1", "pack")])
    fleet.begins("m-1")
    works.begins("pack-1", "100")
    with pytest.raises(ConflictError, match="The id m-1 is taken"):
        split(works, "pack-1", [part("m-1", "30")])
    with pytest.raises(NotAllowedError, match="id of something else"):
        split(works, "pack-1", [part("operator/x", "30")])


def test_without_a_licence_valid_then_no_pack_is_opened_or_built(fleet: Yard, works: Yard) -> None:
    fleet.begins("pack-1", "100")
    with pytest.raises(NotAllowedError, match="needs a facility"):
        fleet.say("split", ["pack-1", "m-1"], {"parts": [part("m-1", "30")]})
    with pytest.raises(NotAllowedError, match="has no facility works-1"):
        split(fleet, "pack-1", [part("m-1", "30")])
    fleet.begins("m-2", "30", form="module")
    with pytest.raises(NotAllowedError, match="has no facility works-1"):
        merge(fleet, part("pack-2", "30", "pack"), [taken("m-2", "30")])


def test_a_lot_is_parted_and_put_together_without_a_licence(registry: Registry, fleet: Yard) -> None:
    fleet.begins("lot-1", "100", count=4)
    fleet.say(
        "split",
        ["lot-1", "lot-2"],
        {"parts": [part("lot-2", "50", "pack", 2)], "rest": {"count": 2, "mass_kg": "50"}},
    )
    takes = [taken("lot-1", "50", 2), taken("lot-2", "50", 2)]
    fleet.say(
        "merged", ["lot-3", "lot-1", "lot-2"], {"result": part("lot-3", "100", "pack", 4), "takes": takes}
    )
    assert standing(registry, "lot-3").count == 4


def test_cells_of_two_packs_become_a_new_one_with_its_lineage_up_and_down(
    registry: Registry, works: Yard
) -> None:
    for number in ("1", "2"):
        works.begins(f"pack-{number}", "100")
        split(works, f"pack-{number}", [part(f"m-{number}", "60")])
        split(works, f"m-{number}", [part(f"cells-{number}", "50", "cell", 100)])
    merge(
        works,
        part("pack-3", "60", "pack"),
        [taken("cells-1", "30", 60), taken("cells-2", "30", 60)],
    )
    left = standing(registry, "cells-1")
    assert (left.count, str(left.mass_kg), left.status) == (40, "20", "held")
    up = works.lineage("pack-3")["up"]
    assert sorted(edges(up)) == [
        ("cells-1", "pack-3"),
        ("cells-2", "pack-3"),
        ("m-1", "cells-1"),
        ("m-2", "cells-2"),
        ("pack-1", "m-1"),
        ("pack-2", "m-2"),
    ]
    assert [(one["count"], one["mass_kg"]) for one in up[-2:]] == [(60, "30"), (60, "30")]
    assert edges(works.lineage("pack-1")["down"]) == [
        ("pack-1", "m-1"),
        ("m-1", "cells-1"),
        ("cells-1", "pack-3"),
    ]
    assert_rebuilt_the_same(registry)


def test_a_module_that_went_into_a_pack_comes_out_as_itself_and_is_not_its_own_ancestor(
    registry: Registry, works: Yard
) -> None:
    works.begins("m-1", "30", form="module")
    works.begins("m-2", "30", form="module")
    merge(works, part("pack-1", "60", "pack"), [taken("m-1", "30"), taken("m-2", "30")])
    inner = standing(registry, "m-1")
    assert (inner.status, inner.inside) == ("inside", "pack-1")
    with pytest.raises(ConflictError, match="m-1 is inside"):
        works.offers("m-1", Yard(registry, works.client))
    with pytest.raises(ConflictError, match="went in as another"):
        split(works, "pack-1", [part("m-1", "31")])
    split(works, "pack-1", [part("m-1", "29.9")])
    assert standing(registry, "m-1").status == "held"
    assert standing(registry, "m-2").status == "closed"
    told = works.lineage("m-1")
    assert edges(told["up"]) == [("m-1", "pack-1"), ("m-2", "pack-1"), ("pack-1", "m-1")]
    assert edges(told["down"]) == [("m-1", "pack-1"), ("pack-1", "m-1")]
    assert_rebuilt_the_same(registry)


def test_a_merger_takes_no_more_than_there_is_and_makes_no_more_than_it_takes(works: Yard) -> None:
    works.begins("cells", "10", form="cell", count=10)
    with pytest.raises(ConflictError, match="holds less"):
        merge(works, part("p", "5", "pack"), [taken("cells", "5", 11)])
    with pytest.raises(ConflictError, match="holds less"):
        merge(works, part("p", "5", "pack"), [taken("cells", "10.1", 10)])
    with pytest.raises(ConflictError, match="either all pieces and all mass"):
        merge(works, part("p", "5", "pack"), [taken("cells", "10", 9)])
    with pytest.raises(ConflictError, match=r"5\.1 kg cannot come from 5 kg"):
        merge(works, part("p", "5.1", "pack"), [taken("cells", "5", 5)])


def test_who_has_it_for_treatment_may_open_it_and_the_parts_stay_the_owners(
    registry: Registry, maker: Yard, works: Yard
) -> None:
    maker.begins("pack-1", "100")
    works.takes_over("pack-1", maker, passes="possession", basis="storage")
    with pytest.raises(NotAllowedError, match="belongs to another"):
        split(works, "pack-1", [part("m-1", "30")])
    maker.takes_over("pack-1", works, passes="possession", basis="return")
    works.takes_over("pack-1", maker, passes="possession", basis="treatment")
    split(works, "pack-1", [part("m-1", "30")])
    module = standing(registry, "m-1")
    assert (module.holder, module.owner) == (works.id, maker.id)


def test_what_is_on_offer_installed_or_of_unknown_mass_is_not_divided(works: Yard, fleet: Yard) -> None:
    works.begins("pack-1", "100")
    offer = works.offers("pack-1", fleet)
    with pytest.raises(ConflictError, match="is on offer"):
        split(works, "pack-1", [part("m-1", "30")])
    works.say("withdrawn", "pack-1", {"offer": offer})
    works.say("installed", "pack-1", {"what": "storage_system", "host": "bess-1"})
    with pytest.raises(ConflictError, match="is installed"):
        split(works, "pack-1", [part("m-1", "30")])
    works.begins("pack-2", None)
    with pytest.raises(ConflictError, match="mass of pack-2 is not known"):
        split(works, "pack-2", [part("m-2", "30")])


def test_lineage_is_followed_to_any_depth(registry: Registry, works: Yard) -> None:
    works.begins("lot-0", "1000", form="cell", count=1000)
    for number in range(1, 41):
        parts = [part(f"lot-{number}", str(1000 - number), "cell", 1000 - number)]
        split(works, f"lot-{number - 1}", parts)
    assert len(works.lineage("lot-0")["down"]) == 40
    assert len(works.lineage("lot-40")["up"]) == 40
