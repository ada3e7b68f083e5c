"""Events of the parties: who they are, what they may do, with which keys they sign.

Each names the item `operator/ID`, so that its history is that of the operator.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

import sqlalchemy as sa
from sqlalchemy import Connection

from kitaran.registry.ledger.envelope import Event
from kitaran.registry.ledger.errors import ConflictError, NotAllowedError
from kitaran.registry.ledger.kinds import EventKind, Recorded
from kitaran.registry.ledger.signature import is_weak, key_id
from kitaran.registry.parties import repository, schemas
from kitaran.registry.parties import tables as t
from kitaran.registry.parties.roles import MANAGES, RULES, WEIGHTY

NODE: Final = "node"
"""The installation itself. It is no operator in a table: its key is the one that lies beside the database."""


def item_of(operator_id: str) -> str:
    """The item under which the history of an operator stands."""
    return f"operator/{operator_id}"


def _manages(connection: Connection, event: Event, at: datetime) -> None:
    """Only the node, an administrator or an authority; and the item is the operator that is meant."""
    if event.actor != NODE and not repository.roles(connection, event.actor, at) & MANAGES:
        raise NotAllowedError(
            f"{event.actor} is neither administrator nor authority.",
            "$.actor",
            "Ask the administrator of this installation.",
        )
    meant = _meant(connection, event)
    if event.items != [item_of(meant)]:
        raise NotAllowedError(
            "The event names another item than its operator.", "$.items", f'Send ["{item_of(meant)}"].'
        )


def _rules(connection: Connection, event: Event, at: datetime, what: str) -> None:
    """Only the node or an administrator."""
    if event.actor != NODE and not repository.roles(connection, event.actor, at) & RULES:
        raise NotAllowedError(
            f"{event.actor} is no administrator, and may not {what}.",
            "$.actor",
            "Ask the administrator of this installation.",
        )


def _meant(connection: Connection, event: Event) -> str:
    payload = event.payload
    if "operator" in payload:
        return str(payload["operator"])
    if "licence" in payload:
        found = repository.licence_holder(connection, str(payload["licence"]))
    else:
        row = repository.key(connection, str(payload["key_id"]))
        found = None if row is None else str(row.operator)
    if found is None:
        raise NotAllowedError("Nobody here has it.", "$.payload", "Look at the id.")
    return found


def _adds_operator(connection: Connection, event: Event, at: datetime) -> None:
    _manages(connection, event, at)
    if event.payload["operator"] == NODE:
        raise NotAllowedError("The node is no operator.", "$.payload.operator", "Choose another id.")
    if _exists(connection, t.operator.c.operator, event.payload["operator"]):
        raise ConflictError("There is an operator of this id.", "$.payload.operator", "Choose another id.")
    if weighty := WEIGHTY & set(event.payload["roles"]):
        _rules(connection, event, at, f"name anyone {', '.join(sorted(weighty))}")
    name = event.payload["name"]
    if repository.same_name(name) in map(repository.same_name, repository.names(connection)):
        raise ConflictError(
            f"There is an operator named {name}.", "$.payload.name", "Give a name that tells them apart."
        )


def _adds_to_operator(connection: Connection, event: Event, at: datetime) -> None:
    _manages(connection, event, at)
    if not _exists(connection, t.operator.c.operator, event.payload["operator"]):
        raise NotAllowedError("There is no such operator.", "$.payload.operator", "Add the operator first.")


def _changes_role(connection: Connection, event: Event, at: datetime) -> None:
    _adds_to_operator(connection, event, at)
    if event.payload["role"] in WEIGHTY:
        _rules(connection, event, at, f"give or end the role {event.payload['role']}")


def _adds_key(connection: Connection, event: Event, at: datetime) -> None:
    """An operator may bring a key of its own, too: rotation needs nobody else. That the node keeps
    a key, only the node says.
    """
    own = event.actor == event.payload["operator"] and event.items == [item_of(event.actor)]
    if not own:
        _adds_to_operator(connection, event, at)
        if repository.keys(connection, event.payload["operator"]):
            _rules(connection, event, at, "enter a further key of another operator")
    if event.payload["custody"] == "custodial" and event.actor != NODE:
        raise NotAllowedError(
            "A custodial key is kept by this installation, which alone can say so.",
            "$.payload.custody",
            "Send custody own for a key that you keep.",
        )
    if is_weak(bytes.fromhex(event.payload["public_key"])):
        raise NotAllowedError(
            "With this public key anybody can sign.",
            "$.payload.public_key",
            "Make a key with a program for it.",
        )
    if key_id(bytes.fromhex(event.payload["public_key"])) != event.payload["key_id"]:
        raise NotAllowedError(
            "The id is not that of the key.", "$.payload.key_id", "Send the SHA-256 of the key's 32 bytes."
        )
    if _exists(connection, t.key.c.key_id, event.payload["key_id"]):
        raise ConflictError("This key is registered.", "$.payload.key_id", "Make a new key.")


def _ends_key(connection: Connection, event: Event, at: datetime) -> None:
    row = repository.key(connection, event.payload["key_id"])
    own = row is not None and row.operator == event.actor and event.items == [item_of(event.actor)]
    if not own:
        _manages(connection, event, at)
        _rules(connection, event, at, "end a key of another operator")


def _grants(connection: Connection, event: Event, at: datetime) -> None:
    _adds_to_operator(connection, event, at)
    until = event.payload.get("valid_until")
    if until is not None and until <= event.payload["valid_from"]:
        raise NotAllowedError(
            "The licence ends before it begins.", "$.payload.valid_until", "Look at its days."
        )
    if _exists(connection, t.licence.c.licence, event.payload["licence"]):
        raise ConflictError("There is a licence of this id.", "$.payload.licence", "Choose another id.")


def _exists(connection: Connection, column: sa.Column[str], value: str) -> bool:
    return connection.execute(sa.select(column).where(column == value)).first() is not None


# -- read models


def _keep_operator(connection: Connection, recorded: Recorded) -> None:
    payload, since = recorded.event.payload, recorded.event.envelope["occurred_at"]
    row = {"operator": payload["operator"], "name": payload["name"], "economy": payload.get("economy")}
    connection.execute(sa.insert(t.operator), [row])
    held = dict.fromkeys(payload["roles"])
    connection.execute(
        sa.insert(t.role),
        [
            {"operator": payload["operator"], "role": r, "valid_from": since, "valid_until": None}
            for r in held
        ],
    )
    repository.forget_roles(connection)


def _keep_role(connection: Connection, recorded: Recorded) -> None:
    payload, since = recorded.event.payload, recorded.event.envelope["occurred_at"]
    if payload["role"] in repository.roles(connection, payload["operator"], recorded.event.occurred_at):
        return
    row = {"operator": payload["operator"], "role": payload["role"], "valid_from": since, "valid_until": None}
    c = t.role.c
    same = (c.operator == row["operator"], c.role == row["role"], c.valid_from == since)
    connection.execute(sa.delete(t.role).where(*same))
    connection.execute(sa.insert(t.role), [row])
    repository.forget_roles(connection)


def _end_role(connection: Connection, recorded: Recorded) -> None:
    payload, at = recorded.event.payload, recorded.event.envelope["occurred_at"]
    c = t.role.c
    held = (c.operator == payload["operator"], c.role == payload["role"], c.valid_until.is_(None))
    connection.execute(sa.update(t.role).where(*held).values(valid_until=at))
    repository.forget_roles(connection)


def _keep_key(connection: Connection, recorded: Recorded) -> None:
    payload = recorded.event.payload
    row = {
        "key_id": payload["key_id"],
        "operator": payload["operator"],
        "public_key": bytes.fromhex(payload["public_key"]),
        "custody": payload["custody"],
        "valid_from": recorded.event.envelope["occurred_at"],
        "valid_until": payload.get("valid_until"),
    }
    connection.execute(sa.insert(t.key), [row])


def _end_key(connection: Connection, recorded: Recorded) -> None:
    _end(connection, t.key, t.key.c.key_id == recorded.event.payload["key_id"], recorded)


def _keep_licence(connection: Connection, recorded: Recorded) -> None:
    payload = recorded.event.payload
    names = ("licence", "operator", "number", "activities", "authority", "valid_from")
    row = {name: payload[name] for name in names} | {"valid_until": payload.get("valid_until")}
    connection.execute(sa.insert(t.licence), [row])


def _end_licence(connection: Connection, recorded: Recorded) -> None:
    _end(connection, t.licence, t.licence.c.licence == recorded.event.payload["licence"], recorded)


def _end(connection: Connection, table: sa.Table, this: sa.ColumnElement[bool], recorded: Recorded) -> None:
    """Set the end to the time of the event, unless it ended before."""
    at, until = recorded.event.envelope["occurred_at"], table.c.valid_until
    earlier = sa.or_(until.is_(None), until > at)
    connection.execute(sa.update(table).where(this, earlier).values(valid_until=at))


KINDS: Final = (
    EventKind("parties.operator_added", schemas.OperatorAdded, _adds_operator, _keep_operator, t.PROJECTED),
    EventKind("parties.role_given", schemas.RoleGiven, _changes_role, _keep_role, t.PROJECTED),
    EventKind("parties.role_ended", schemas.RoleEnded, _changes_role, _end_role, t.PROJECTED),
    EventKind("parties.key_added", schemas.KeyAdded, _adds_key, _keep_key, t.PROJECTED),
    EventKind("parties.key_ended", schemas.KeyEnded, _ends_key, _end_key, t.PROJECTED),
    EventKind("parties.licence_granted", schemas.LicenceGranted, _grants, _keep_licence, t.PROJECTED),
    EventKind("parties.licence_ended", schemas.LicenceEnded, _manages, _end_licence, t.PROJECTED),
)
