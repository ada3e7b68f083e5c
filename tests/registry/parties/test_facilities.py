"""Facilities, their permits and their technicians: an act is refused unless all of it was covered then."""

from __future__ import annotations

import secrets
import time
from collections.abc import Mapping
from typing import Any

import pytest
import sqlalchemy as sa

from kitaran.foundation import clock
from kitaran.foundation.database import reading
from kitaran.foundation.errors import InputError
from kitaran.registry.assembly import Registry, kinds
from kitaran.registry.ledger.envelope import read_event
from kitaran.registry.ledger.errors import ConflictError, NotAllowedError
from kitaran.registry.ledger.kinds import EventKind, Payload
from kitaran.registry.ledger.rebuild import rebuild
from kitaran.registry.parties.facilities import repository
from kitaran.registry.parties.licensed_acts import LicensedAct
from kitaran.registry.parties.technicians import repository as technicians

from .conftest import Client, enrol

LONG_AGO = "2020-01-01T00:00:00.000Z"
OVER = "2021-01-01T00:00:00.000Z"


def describe(facility: str = "delta-1", **changed: Any) -> dict[str, Any]:
    return {
        "facility": facility,
        "name": "Delta works",
        "economy": "THA",
        "latitude": "13.7563",
        "longitude": "100.5018",
        "activities": ["store", "dismantle"],
        "waste_codes": ["A1181", "Y49"],
        "capacities": [{"activity": "dismantle", "quantity": "12000.5", "unit": "t/year"}],
        "storage": {"quantity": "80", "unit": "t", "days": 180},
        **changed,
    }


def found(registry: Registry, operator: str, **changed: Any) -> None:
    payload = {**describe(**changed), "operator": operator}
    registry.hand.record("parties.facility_registered", f"facility/{payload['facility']}", payload)


def permit(registry: Registry, **changed: Any) -> None:
    payload = {
        "facility": "delta-1",
        "permit": f"permit-{secrets.token_hex(4)}",
        "number": "F-105/2569",
        "authority": "Department of Industrial Works",
        "activities": ["dismantle"],
        "valid_from": LONG_AGO,
        **changed,
    }
    registry.hand.record("parties.permit_granted", f"facility/{payload['facility']}", payload)


def certify(
    registry: Registry, operator: str, sealed: Mapping[str, str] | None = None, **changed: Any
) -> None:
    payload = {
        "technician": "tech-1",
        "operator": operator,
        "certificate": f"certificate-{secrets.token_hex(4)}",
        "scopes": ["high_voltage"],
        "issuer": "Skills council",
        "valid_from": LONG_AGO,
        **changed,
    }
    registry.hand.record("parties.technician_certified", "technician/tech-1", payload, sealed)


class Opened(Payload):
    """A pack was opened."""

    facility: str
    technician: str
    waste_code: str | None = None


DISMANTLE = EventKind(
    "sample.opened", Opened, LicensedAct("dismantle", scope="high_voltage"), moves_head=False
)


@pytest.fixture
def delta(registry: Registry) -> Client:
    registry.ledger.kinds.register([DISMANTLE])
    return enrol(registry, "Delta", "recycler")


def dismantle(registry: Registry, delta: Client, **changed: Any) -> None:
    payload = {"facility": "delta-1", "technician": "tech-1", **changed}
    registry.ledger.append(delta.event("sample.opened", payload, None, items=["pack-1"], expects={}))


def test_an_act_is_recorded_where_facility_permit_and_technician_cover_it(
    registry: Registry, delta: Client
) -> None:
    found(registry, delta.operator)
    permit(registry, waste_codes=["A1181"])
    certify(registry, delta.operator)
    dismantle(registry, delta, waste_code="A1181")
    with pytest.raises(NotAllowedError, match=r"F-105/2569 .* does not cover waste Y49"):
        dismantle(registry, delta, waste_code="Y49")


def test_an_act_without_a_permit_valid_then_is_refused_naming_the_permit(
    registry: Registry, delta: Client
) -> None:
    found(registry, delta.operator)
    certify(registry, delta.operator)
    with pytest.raises(NotAllowedError, match="no licence to dismantle"):
        dismantle(registry, delta)
    permit(registry, valid_until=OVER)
    with pytest.raises(NotAllowedError, match=r"F-105/2569 .* until 2021-01-01"):
        dismantle(registry, delta)


def test_a_licence_of_the_operator_itself_covers_its_facilities(registry: Registry, delta: Client) -> None:
    found(registry, delta.operator)
    certify(registry, delta.operator)
    licence = {
        "licence": "licence-1",
        "number": "L-1",
        "authority": "Ministry",
        "activities": ["dismantle"],
        "valid_from": LONG_AGO,
    }
    registry.enrolment.grant_licence(delta.operator, licence)
    dismantle(registry, delta)


def test_an_act_needs_a_technician_certified_at_that_time(registry: Registry, delta: Client) -> None:
    found(registry, delta.operator)
    permit(registry)
    with pytest.raises(NotAllowedError, match="no certificate for high_voltage"):
        dismantle(registry, delta)
    certify(registry, delta.operator, valid_until=OVER)
    with pytest.raises(NotAllowedError, match=r"Skills council.* until 2021-01-01"):
        dismantle(registry, delta)
    certify(registry, delta.operator, scopes=["diagnosis"])
    with pytest.raises(NotAllowedError):
        dismantle(registry, delta)


def test_nobody_works_at_the_facility_of_another_or_at_one_that_closed(
    registry: Registry, delta: Client
) -> None:
    other = enrol(registry, "Beta", "recycler")
    found(registry, other.operator)
    permit(registry)
    certify(registry, delta.operator)
    with pytest.raises(NotAllowedError, match="has no facility delta-1"):
        dismantle(registry, delta)
    found(registry, delta.operator, facility="delta-2")
    permit(registry, facility="delta-2")
    dismantle(registry, delta, facility="delta-2")
    closed = {"facility": "delta-2", "reason": "flooded"}
    registry.hand.record("parties.facility_closed", "facility/delta-2", closed)
    with pytest.raises(NotAllowedError, match="was not open"):
        dismantle(registry, delta, facility="delta-2")


def test_a_facility_does_only_what_it_is_registered_for_since_its_last_change(
    registry: Registry, delta: Client
) -> None:
    found(registry, delta.operator)
    permit(registry)
    certify(registry, delta.operator)
    dismantle(registry, delta)
    before = clock.now()
    time.sleep(0.002)  # the log counts in milliseconds
    changed = describe(activities=["store"], capacities=[])
    registry.hand.record("parties.facility_changed", "facility/delta-1", changed)
    with pytest.raises(NotAllowedError, match="not registered to dismantle"):
        dismantle(registry, delta)
    with reading(registry.engine) as connection:
        then = repository.facility(connection, "delta-1", before)
        now = repository.facility(connection, "delta-1", clock.now())
    assert then is not None
    assert now is not None
    assert then.description["activities"] == ["store", "dismantle"]
    assert now.description["activities"] == ["store"]


@pytest.mark.parametrize(
    "changed",
    [
        {"latitude": "91"},
        {"latitude": 13.7},
        {"activities": []},
        {"activities": ["cook"]},
        {"activities": ["store", "store"]},
        {"waste_codes": ["x"]},
        {"capacities": [{"activity": "store", "quantity": "-1", "unit": "t/year"}]},
        {"storage": {"quantity": "1", "unit": "pieces"}},
        {"name": "Delta\u202eworks"},
    ],
)
def test_a_facility_is_described_in_a_form_that_can_be_read(
    registry: Registry, delta: Client, changed: dict[str, Any]
) -> None:
    with pytest.raises(InputError):
        found(registry, delta.operator, **changed)


def test_only_administrators_and_authorities_enter_facilities_and_permits(
    registry: Registry, delta: Client
) -> None:
    item = "facility/delta-9"
    payload = {**describe("delta-9"), "operator": delta.operator}
    event = delta.event("parties.facility_registered", payload, None, items=[item], expects={item: None})
    with pytest.raises(NotAllowedError, match="neither administrator nor authority"):
        registry.ledger.append(event)
    office = enrol(registry, "Office", "authority")
    registry.ledger.append(
        office.event("parties.facility_registered", payload, None, items=[item], expects={item: None})
    )
    with pytest.raises(ConflictError):
        found(registry, delta.operator, facility="delta-9")


def test_an_event_about_a_facility_stands_in_its_own_history_only(registry: Registry, delta: Client) -> None:
    office = enrol(registry, "Office", "authority")
    payload = {**describe("delta-9"), "operator": delta.operator}
    event = office.event(
        "parties.facility_registered", payload, None, items=["pack-7"], expects={"pack-7": None}
    )
    with pytest.raises(NotAllowedError, match="another item"):
        registry.ledger.append(event)


def report(**changed: Any) -> dict[str, Any]:
    return {
        "facility": "delta-1",
        "medium": "air",
        "parameter": "lead",
        "quantity": "0.004",
        "unit": "mg/m3",
        "limit": "0.05",
        "period_from": LONG_AGO,
        "period_until": OVER,
        **changed,
    }


def test_an_operator_reports_what_its_facility_gives_off_and_no_other_does(
    registry: Registry, delta: Client
) -> None:
    other, item = enrol(registry, "Beta", "recycler"), "facility/delta-1"
    found(registry, delta.operator)
    with reading(registry.engine) as connection:
        from kitaran.registry.ledger import repository as log

        digest = log.heads(connection, [item])[item].digest
    assert digest is not None
    about = {"items": [item], "expects": {item: digest.hex()}}
    with pytest.raises(NotAllowedError, match="another operator"):
        registry.ledger.append(other.event("parties.environment_reported", report(), None, **about))
    future = report(period_until="2999-01-01T00:00:00.000Z")
    with pytest.raises(NotAllowedError, match="not over yet"):
        registry.ledger.append(delta.event("parties.environment_reported", future, None, **about))
    registry.ledger.append(delta.event("parties.environment_reported", report(), None, **about))
    with reading(registry.engine) as connection:
        [told] = repository.releases(connection, "delta-1")
    assert (told["quantity"], told["limit"], told["reported_by"]) == ("0.004", "0.05", delta.operator)


def test_preconsent_holds_for_its_days_and_can_end_before(registry: Registry, delta: Client) -> None:
    found(registry, delta.operator)
    given = {
        "facility": "delta-1",
        "preconsent": "preconsent-1",
        "reference": "PCR-1",
        "authority": "Pollution Control Department",
        "economy": "THA",
        "waste_codes": ["A1181"],
        "valid_from": LONG_AGO,
        "valid_until": "2099-01-01T00:00:00.000Z",
    }
    registry.hand.record("parties.preconsent_given", "facility/delta-1", given)

    def holds() -> bool:
        with reading(registry.engine) as connection:
            [one] = repository.preconsents(connection, "delta-1")
        return one.valid_at(clock.now())

    assert holds()
    ended = {"preconsent": "preconsent-1", "reason": "inspection failed"}
    registry.hand.record("parties.preconsent_ended", "facility/delta-1", ended)
    assert not holds()


def test_a_permit_that_ends_before_it_begins_is_refused(registry: Registry, delta: Client) -> None:
    found(registry, delta.operator)
    with pytest.raises(NotAllowedError, match="ends before it begins"):
        permit(registry, valid_from=OVER, valid_until=LONG_AGO)


def test_a_technicians_name_stands_beside_the_log_and_goes_when_erased(
    registry: Registry, delta: Client
) -> None:
    certify(registry, delta.operator, {"name": "Somchai Sample", "certificate_number": "HV-7"})
    with reading(registry.engine) as connection:
        [one] = technicians.certificates(connection, delta.operator)
        assert (one.name, one.number) == ("Somchai Sample", "HV-7")
        from kitaran.registry.ledger import repository as log

        row = log.row(connection, one.seq)
    assert row is not None
    assert b"Somchai" not in row.entry
    erased = {"seq": one.seq, "name": "name", "reason": "asked"}
    registry.hand.record("ledger.erased", "technician/tech-1", erased)
    with reading(registry.engine) as connection:
        [after] = technicians.certificates(connection, delta.operator)
    assert (after.name, after.number) == (None, "HV-7")


def test_read_models_of_the_facilities_are_rebuilt_to_the_same_bytes(
    registry: Registry, delta: Client
) -> None:
    found(registry, delta.operator)
    permit(registry, valid_until=OVER)
    certify(registry, delta.operator, {"name": "A"})
    dismantled = describe(activities=["store"], capacities=[])
    registry.hand.record("parties.facility_changed", "facility/delta-1", dismantled)
    registry.hand.record("parties.environment_reported", "facility/delta-1", report())
    registry.hand.record(
        "parties.facility_closed", "facility/delta-1", {"facility": "delta-1", "reason": "x"}
    )
    tables = list(dict.fromkeys(table for kind in kinds() for table in kind.tables))

    def rows() -> list[list[tuple[object, ...]]]:
        with reading(registry.engine) as connection:
            return [sorted(map(tuple, connection.execute(sa.select(t)).all()), key=repr) for t in tables]

    before = rows()
    rebuild(registry.engine, registry.ledger.kinds)
    assert rows() == before


def test_the_hand_of_the_node_signs_what_a_stranger_could_check(registry: Registry, delta: Client) -> None:
    found(registry, delta.operator)
    with reading(registry.engine) as connection:
        from kitaran.registry.ledger import canonical
        from kitaran.registry.ledger import repository as log

        [seq] = log.seqs_of_items(connection, ["facility/delta-1"])
        row = log.row(connection, seq)
    assert row is not None
    entry = canonical.loads(row.entry)
    assert read_event({**entry["envelope"], "signature": entry["signature"]}).actor == "node"
