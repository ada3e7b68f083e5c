"""Operators, their keys and licences: who may act is asked for the time of the act."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from kitaran.foundation import clock
from kitaran.foundation.database import reading, writing
from kitaran.foundation.errors import InputError, NotFoundError, WorkspaceError
from kitaran.registry.assembly import Registry, kinds
from kitaran.registry.ledger import repository as log
from kitaran.registry.ledger.errors import ConflictError, NotAllowedError
from kitaran.registry.ledger.rebuild import rebuild
from kitaran.registry.ledger.signature import key_id, make_key, public_bytes
from kitaran.registry.parties import repository, tables, tokens
from kitaran.registry.parties.admission import require_licence
from kitaran.registry.parties.kept_keys import KeptKeys

from .conftest import Client, enrol


def head(registry: Registry, client: Client) -> str:
    with reading(registry.engine) as connection:
        digest = log.heads(connection, [f"operator/{client.operator}"])[f"operator/{client.operator}"].digest
    assert digest is not None
    return digest.hex()


def test_an_operator_holds_its_role_and_its_token_from_its_first_moment(registry: Registry) -> None:
    client = enrol(registry, "Delta Recyclers", "recycler")
    with reading(registry.engine) as connection:
        found = repository.operator(connection, client.operator, clock.now())
        assert found is not None
        assert (found.name, set(found.roles)) == ("Delta Recyclers", {"recycler"})
        assert tokens.owner(connection, client.token) == client.operator
        assert tokens.owner(connection, client.token + "x") is None


def test_the_database_holds_no_token_and_no_open_private_key(registry: Registry) -> None:
    client = enrol(registry, "Delta Recyclers", "recycler")
    with writing(registry.engine) as connection:
        tokens.make(connection, client.operator)
        rows = connection.execute(sa.select(tables.token)).all()
    assert client.token.encode() not in b"".join(bytes(row.digest) for row in rows)


def test_an_operator_brings_a_further_key_and_signs_with_it(registry: Registry) -> None:
    client = enrol(registry, "Delta Recyclers", "recycler")
    further = make_key()
    public = public_bytes(further)
    payload = {
        "operator": client.operator,
        "key_id": key_id(public),
        "public_key": public.hex(),
        "custody": "own",
    }
    registry.ledger.append(client.event("parties.key_added", payload, head(registry, client)))
    second = Client(client.operator, further, client.token)
    registry.ledger.append(second.new_key(head(registry, client)))


def test_a_key_that_ended_signs_nothing_more(registry: Registry) -> None:
    client = enrol(registry, "Delta Recyclers", "recycler")
    registry.enrolment.end_key(client.operator, key_id(public_bytes(client.key)), "lost")
    with pytest.raises(NotAllowedError, match="not valid"):
        registry.ledger.append(client.new_key(head(registry, client)))


def test_nobody_enters_a_key_of_another_operator(registry: Registry) -> None:
    client, other = enrol(registry, "Delta", "recycler"), enrol(registry, "Beta", "repurposer")
    public = public_bytes(make_key())
    payload = {
        "operator": other.operator,
        "key_id": key_id(public),
        "public_key": public.hex(),
        "custody": "own",
    }
    item = f"operator/{other.operator}"
    event = client.event(
        "parties.key_added", payload, None, items=[item], expects={item: head(registry, other)}
    )
    with pytest.raises(NotAllowedError, match="neither administrator nor authority"):
        registry.ledger.append(event)


def test_an_observer_reads_and_writes_nothing(registry: Registry) -> None:
    client = enrol(registry, "Watchers", "observer")
    with pytest.raises(NotAllowedError, match="no role"):
        registry.ledger.append(client.new_key(head(registry, client)))


def test_an_act_before_the_operator_was_known_is_refused(registry: Registry) -> None:
    client = enrol(registry, "Delta", "recycler")
    earlier = clock.stamp(clock.now() - timedelta(days=1))
    with pytest.raises(NotAllowedError):
        registry.ledger.append(client.new_key(head(registry, client), occurred_at=earlier))


def test_an_act_without_a_licence_valid_then_is_refused_naming_the_licence(registry: Registry) -> None:
    client = enrol(registry, "Delta", "recycler")
    licence = {
        "licence": "licence-1",
        "number": "F-105/2569",
        "authority": "Department of Industrial Works",
        "activities": ["recycle"],
        "valid_from": "2026-01-01T00:00:00.000Z",
        "valid_until": "2026-07-01T00:00:00.000Z",
    }
    registry.enrolment.grant_licence(client.operator, licence)
    with reading(registry.engine) as connection:
        march = clock.now().replace(year=2026, month=3, day=1)
        require_licence(connection, client.operator, "recycle", march)
        with pytest.raises(NotAllowedError, match="F-105/2569"):
            require_licence(connection, client.operator, "recycle", march.replace(month=7))
        with pytest.raises(NotAllowedError, match="no licence to dismantle"):
            require_licence(connection, client.operator, "dismantle", march)


@pytest.mark.parametrize(("name", "roles"), [("", ["recycler"]), ("Delta", []), ("Delta", ["king"])])
def test_a_bad_operator_is_refused_and_nothing_is_recorded(
    registry: Registry, name: str, roles: list[str]
) -> None:
    with pytest.raises(InputError) as refused:
        registry.enrolment.add(name, roles)
    assert all(fault.remedy for fault in refused.value.faults)
    with reading(registry.engine) as connection:
        assert log.size(connection) == 0


def test_two_operators_share_neither_name_nor_key(registry: Registry) -> None:
    client = enrol(registry, "Delta", "recycler")
    with pytest.raises(InputError, match="named delta"):
        registry.enrolment.add("delta", ["recycler"])
    with pytest.raises(InputError, match="registered"):
        registry.enrolment.add("Beta", ["recycler"], public_bytes(client.key))


def test_the_same_operator_cannot_be_added_twice_in_the_log(registry: Registry) -> None:
    admin, client = enrol(registry, "Office", "administrator"), enrol(registry, "Delta", "recycler")
    item = f"operator/{client.operator}"
    payload = {"operator": client.operator, "name": "Other", "roles": ["recycler"]}
    event = admin.event(
        "parties.operator_added", payload, None, items=[item], expects={item: head(registry, client)}
    )
    with pytest.raises(ConflictError):
        registry.ledger.append(event)


def test_read_models_are_rebuilt_from_the_log_to_the_same_rows(registry: Registry) -> None:
    client = enrol(registry, "Delta", "recycler", "repurposer")
    enrol(registry, "Office", "authority")
    registry.enrolment.end_key(client.operator, key_id(public_bytes(client.key)), "lost")

    def rows() -> list[list[tuple[object, ...]]]:
        with reading(registry.engine) as connection:
            return [sorted(map(tuple, connection.execute(sa.select(t)).all())) for t in tables.PROJECTED]

    before = rows()
    rebuild(registry.engine, kinds())
    assert rows() == before


def test_a_kept_key_opens_with_its_own_secret_only(registry: Registry, tmp_path: object) -> None:
    from pathlib import Path

    folder = Path(str(tmp_path))
    kept, key = KeptKeys(folder / "a.secret"), make_key()
    with writing(registry.engine) as connection:
        name = kept.keep(connection, key)
        assert public_bytes(kept.open(connection, name)) == public_bytes(key)
        with pytest.raises(WorkspaceError):
            KeptKeys(folder / "b.secret").open(connection, name)
        with pytest.raises(NotFoundError):
            kept.open(connection, "0" * 64)
