"""The invented registry: what is in it, that it is the same each time, and that it stays apart."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from kitaran.foundation.clock import now
from kitaran.foundation.database import reading
from kitaran.foundation.errors import InputError
from kitaran.foundation.workspace import Workspace
from kitaran.registry.assembly import Registry, kinds, open_whole
from kitaran.registry.custody import tables as custody
from kitaran.registry.demonstration import place
from kitaran.registry.demonstration.making import make
from kitaran.registry.demonstration.rules import ALONE, admit
from kitaran.registry.ledger.errors import NotAllowedError
from kitaran.registry.ledger.rebuild import rebuild
from kitaran.registry.movement import listing, view
from kitaran.registry.parties import accounts, repository
from kitaran.registry.parties.facilities import tables as facilities
from kitaran.registry.parties.kinds import item_of
from kitaran.registry.passport import tables as passports


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A workspace with a demonstration."""
    made = Workspace.make(tmp_path_factory.mktemp("demonstration") / "work")
    make(made)
    return made


@pytest.fixture
def copied(workspace: Workspace, tmp_path: Path) -> Workspace:
    """One that a test may change."""
    shutil.copytree(workspace.root, tmp_path / "work")
    return Workspace.open(tmp_path / "work")


@pytest.fixture
def registry(copied: Workspace) -> Iterator[Registry]:
    opened = _opened(copied)
    yield opened
    opened.engine.dispose()


def _opened(workspace: Workspace) -> Registry:
    found = place.find(workspace)
    assert found is not None
    return open_whole(found.workspace, ALONE, admission=admit)


def test_every_organisation_and_person_says_that_it_is_an_example(registry: Registry) -> None:
    with reading(registry.engine) as connection:
        operators, people = repository.operators(connection, now()), accounts.every(connection)
    assert len(operators) == 13
    assert all(one.name.startswith("Example ") for one in operators)
    assert all("(example)" in one.name and not one.has_password for one in people)
    held = {role for one in people for role in one.roles}
    assert held == {"producer", "operator", "repurposer", "recycler", "officer", "authority", "auditor"}


def test_it_holds_some_forty_batteries_of_each_kind_and_fate(registry: Registry) -> None:
    b = passports.battery.c
    with reading(registry.engine) as connection:
        found = connection.execute(sa.select(b.model, b.origin, b.state, b.status)).all()
        acts = set(connection.execute(sa.select(custody.part.c.act)).scalars())
        open_offers = connection.execute(
            sa.select(sa.func.count()).where(custody.offer.c.answer.is_(None))
        ).scalar()
        places = connection.execute(sa.select(sa.func.count()).select_from(facilities.permit)).scalar()
    assert 36 <= len(found) <= 46
    assert {one.model for one in found} == {
        "example-car-lfp",
        "example-scooter-nmc",
        "example-bus-lfp",
        "example-home-store",
        None,
    }
    assert {"in_force", "repurposed", "ceased"} == {one.state for one in found}
    assert {"original", "repurposed", "waste", "unknown"} == {one.status for one in found}
    assert len([one for one in found if one.origin == "taken_in"]) == 4
    assert acts == {"split", "merge"}
    assert open_offers == 4
    assert places == 4


def test_its_past_is_signed_and_can_be_rebuilt_to_the_same(registry: Registry) -> None:
    tables = (passports.battery, passports.step, custody.item, custody.interval, custody.part)

    def all_of() -> list[list[tuple[object, ...]]]:
        with reading(registry.engine) as connection:
            return [sorted(map(tuple, connection.execute(sa.select(one))), key=str) for one in tables]

    before = all_of()
    rebuild(registry.engine, kinds())
    assert all_of() == before


def test_two_makings_have_the_same_batteries(registry: Registry, tmp_path: Path) -> None:
    other = Workspace.make(tmp_path / "other")
    make(other)
    again = _opened(other)
    b = passports.battery.c
    query = sa.select(b.battery, b.model, b.serial_number, b.state).order_by(b.battery)
    with reading(registry.engine) as one, reading(again.engine) as two:
        assert one.execute(query).all() == two.execute(query).all()
    again.engine.dispose()


def test_nobody_enters_whose_name_does_not_say_that_it_is_an_example(registry: Registry) -> None:
    with pytest.raises(NotAllowedError, match="demonstration"):
        registry.enrolment.add("Ministry of Industry", ["authority"])
    assert registry.enrolment.add("Example Garage", ["operator"]).operator
    payload = {"operator": "ministry", "name": "Ministry", "roles": ["authority"]}
    with pytest.raises(NotAllowedError, match="demonstration"):
        registry.hand.record("parties.operator_added", item_of("ministry"), payload)


def test_making_it_leaves_nothing_in_the_workspaces_own_registry(workspace: Workspace) -> None:
    assert not workspace.database.exists()
    assert not (workspace.root / "keys").exists()
    assert not (workspace.root / "ledger").exists()


def test_it_is_shown_as_long_as_the_own_registry_is_empty(copied: Workspace) -> None:
    assert place.shown(copied) is not None
    own = open_whole(copied, ALONE)
    assert place.shown(copied) is not None
    own.enrolment.add("Ministry of Industry", ["administrator"])
    assert place.shown(copied) is None
    assert place.find(copied) is not None
    own.engine.dispose()


def test_a_registry_that_cannot_be_read_counts_as_begun(copied: Workspace) -> None:
    copied.database.write_bytes(b"no database at all, but more than sixteen bytes of it")
    assert place.shown(copied) is None


def test_a_mark_that_was_copied_to_another_registry_opens_nothing(copied: Workspace) -> None:
    folder = copied.root / place.FOLDER
    other = Workspace.make(copied.root.parent / "real")
    real = open_whole(other, ALONE)
    real.engine.dispose()
    shutil.copytree(other.root, other.root / place.FOLDER, ignore=shutil.ignore_patterns(place.FOLDER))
    shutil.copy(folder / place.MARK, other.root / place.FOLDER / place.MARK)
    assert place.find(other) is None


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b'{"node": 1}', b'{"node": "x", "people": 3}', None])
def test_a_mark_that_is_none_opens_nothing(copied: Workspace, content: bytes | None) -> None:
    mark = copied.root / place.FOLDER / place.MARK
    mark.unlink() if content is None else mark.write_bytes(content)
    assert place.find(copied) is None


def test_it_is_removed_whole_and_can_be_made_anew(copied: Workspace) -> None:
    with pytest.raises(InputError, match="There is a demonstration here"):
        make(copied)
    place.remove(copied)
    assert not (copied.root / place.FOLDER).exists()
    with pytest.raises(InputError, match="no demonstration"):
        place.remove(copied)
    make(copied)
    assert place.find(copied) is not None


def test_it_is_not_made_where_the_registry_has_begun(tmp_path: Path) -> None:
    workspace = Workspace.make(tmp_path / "work")
    own = open_whole(workspace, ALONE)
    own.enrolment.add("Ministry of Industry", ["administrator"])
    own.engine.dispose()
    with pytest.raises(InputError, match="in use"):
        make(workspace)
    assert not (workspace.root / place.FOLDER).exists()


def test_a_first_visitor_finds_shipments_in_each_state(registry: Registry) -> None:
    with reading(registry.engine) as connection:
        for operator in ("example-yard", "example-authority", "example-customs", "example-audit"):
            caller = repository.operator(connection, operator, now())
            assert caller is not None
            seen = listing.listed(connection, caller, now())
            states = {one["notification"]: one["state"] for one in seen["notifications"]}
            assert states == {"EXAMPLE-N1": "consented", "EXAMPLE-N2": "pending"}, operator
            moved = {one["movement"]: one["state"] for one in seen["movements"]}
            assert moved == {"EXAMPLE-M1": "completed", "EXAMPLE-M2": "under_way"}, operator
        yard = repository.operator(connection, "example-yard", now())
        assert yard is not None
        told = view.of_movement(connection, "EXAMPLE-M1", yard, now())
    assert told["certified_kg"] == "742"
    assert told["law"]["card"] == "MAY MOVE"
    assert all(name.startswith("Example ") for name in told["names"].values())
