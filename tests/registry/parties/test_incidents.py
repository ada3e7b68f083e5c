"""The incident register: from the report to its closing, by those whom it concerns."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from kitaran.foundation.database import reading
from kitaran.foundation.errors import InputError
from kitaran.registry.assembly import Registry
from kitaran.registry.ledger import repository as log
from kitaran.registry.ledger.errors import ConflictError, NotAllowedError
from kitaran.registry.ledger.rebuild import rebuild
from kitaran.registry.parties.incidents import repository, tables

from .conftest import Client, enrol
from .test_facilities import found

ITEM = "incident/fire-1"


def about(registry: Registry, actor: Client, kind: str, payload: dict[str, Any], item: str = ITEM) -> None:
    with reading(registry.engine) as connection:
        head = log.heads(connection, [item]).get(item)
    digest = None if head is None or head.digest is None else head.digest.hex()
    registry.ledger.append(
        actor.event(f"parties.{kind}", payload, None, items=[item], expects={item: digest})
    )


def fire(**changed: Any) -> dict[str, Any]:
    return {
        "incident": "fire-1",
        "what": "fire",
        "happened_at": "2026-01-31T08:00:00.000Z",
        "account": "Smoke from the third rack; staff left the hall.",
        "subjects": [{"what": "item", "id": "pack-1"}, {"what": "model", "id": "LFP-52-A"}],
        "mass_kg": "340.5",
        "harm": {"injured": 1},
        **changed,
    }


@pytest.fixture
def delta(registry: Registry) -> Client:
    return enrol(registry, "Delta", "recycler")


def state(registry: Registry) -> repository.Incident:
    with reading(registry.engine) as connection:
        one = repository.incident(connection, "fire-1")
    assert one is not None
    return one


def test_an_incident_goes_from_report_through_steps_to_its_closing_and_can_be_reopened(
    registry: Registry, delta: Client
) -> None:
    about(registry, delta, "incident_reported", fire())
    step = {"incident": "fire-1", "step": "contained", "account": "Flooded the rack."}
    about(registry, delta, "incident_followed_up", step)
    closed = {"incident": "fire-1", "outcome": "resolved", "cause": "Crushed cell."}
    about(registry, delta, "incident_closed", closed)
    assert state(registry).closed_at is not None
    with pytest.raises(ConflictError, match="is closed"):
        about(registry, delta, "incident_followed_up", step)
    about(registry, delta, "incident_reopened", {"incident": "fire-1", "reason": "It smokes again."})
    one = state(registry)
    assert one.closed_at is None
    kinds = [step["kind"].removeprefix("parties.incident_") for step in one.steps]
    assert kinds == ["followed_up", "closed", "reopened"]


def test_an_incident_is_found_by_what_it_happened_to(registry: Registry, delta: Client) -> None:
    about(registry, delta, "incident_reported", fire())
    with reading(registry.engine) as connection:
        assert repository.of_subject(connection, "pack-1") == ["fire-1"]
        assert repository.of_subject(connection, "pack-2") == []


def test_reporting_about_an_item_opens_nothing_of_its_history(registry: Registry, delta: Client) -> None:
    event = delta.event(
        "parties.incident_reported",
        fire(),
        None,
        items=[ITEM, "pack-1"],
        expects={ITEM: None, "pack-1": None},
    )
    with pytest.raises(NotAllowedError, match="another item"):
        registry.ledger.append(event)


def test_a_stranger_follows_up_nothing_and_is_not_told_that_it_exists(
    registry: Registry, delta: Client
) -> None:
    about(registry, delta, "incident_reported", fire())
    stranger = enrol(registry, "Beta", "recycler")
    step = {"incident": "fire-1", "step": "noted", "account": "I saw it."}
    with pytest.raises(NotAllowedError, match="no such incident for you") as refused:
        about(registry, stranger, "incident_followed_up", step)
    ghost = {**step, "incident": "fire-2"}
    with pytest.raises(NotAllowedError) as unknown:
        about(registry, stranger, "incident_followed_up", ghost, "incident/fire-2")
    assert refused.value.cause == unknown.value.cause


def test_the_operator_of_the_facility_and_the_authority_see_what_happened_there(
    registry: Registry, delta: Client
) -> None:
    works, office = enrol(registry, "Works", "recycler"), enrol(registry, "Office", "authority")
    found(registry, works.operator)
    about(registry, delta, "incident_reported", fire(facility="delta-1"))
    step = {"incident": "fire-1", "step": "noted", "account": "Seen."}
    for actor in (works, office):
        about(registry, actor, "incident_followed_up", step)
    with reading(registry.engine) as connection:
        assert [one.id for one in repository.incidents(connection, works.operator)] == ["fire-1"]
        assert repository.incidents(connection, office.operator) == []


@pytest.mark.parametrize(
    "changed",
    [
        {"what": "flood"},
        {"happened_at": "2999-01-01T00:00:00.000Z"},
        {"facility": "nowhere"},
        {"harm": {"injured": -1}},
        {"mass_kg": "1e3"},
        {"account": ""},
        {"subjects": [{"what": "person", "id": "x"}]},
    ],
)
def test_a_report_that_cannot_be_is_refused(
    registry: Registry, delta: Client, changed: dict[str, Any]
) -> None:
    with pytest.raises((InputError, NotAllowedError)):
        about(registry, delta, "incident_reported", fire(**changed))


def test_who_told_it_stands_beside_the_log(registry: Registry) -> None:
    registry.hand.record(
        "parties.incident_reported", ITEM, fire(), {"reporter_name": "Malee", "reporter_phone": "+66 1"}
    )
    seq = state(registry).seq
    with reading(registry.engine) as connection:
        row = log.row(connection, seq)
        assert {one.name for one in log.sealed(connection, [seq])} == {"reporter_name", "reporter_phone"}
    assert row is not None
    assert b"Malee" not in row.entry


def test_read_models_of_the_incidents_are_rebuilt_to_the_same_bytes(
    registry: Registry, delta: Client
) -> None:
    about(registry, delta, "incident_reported", fire())
    about(
        registry, delta, "incident_followed_up", {"incident": "fire-1", "step": "noted", "account": "Seen."}
    )
    about(
        registry,
        delta,
        "incident_closed",
        {"incident": "fire-1", "outcome": "resolved", "cause": "Crushed."},
    )

    def rows() -> list[list[tuple[object, ...]]]:
        with reading(registry.engine) as connection:
            return [sorted(map(tuple, connection.execute(sa.select(t)).all())) for t in tables.PROJECTED]

    before = rows()
    assert all(before)
    rebuild(registry.engine, registry.ledger.kinds)
    assert rows() == before
