"""Who acts and who asks in the commands of `kitaran custody`: by key, token, or a key that is kept here."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from kitaran.registry.assembly import Registry
    from kitaran.registry.parties.hand import Hand
    from kitaran.registry.parties.repository import Operator

OperatorOption = Annotated[
    str | None, typer.Option("--operator", help="Who acts; signed with the key that is kept here for it.")
]
KeyOption = Annotated[
    Path | None, typer.Option("--key", help="Private key (PEM) of who acts; instead of --operator.")
]
TokenOption = Annotated[
    str | None, typer.Option("--token", envvar="KITARAN_TOKEN", help="Token of who acts; likewise.")
]
SeenByOption = Annotated[
    str | None, typer.Option("--operator", help="Tell what this operator may see; without, all of it.")
]
PlaceOption = Annotated[str | None, typer.Option("--place", help="Where it happens.")]


def open_registry(folder: Path | None) -> Registry:
    from kitaran.foundation import workspace as workspaces
    from kitaran.foundation.settings import read_settings
    from kitaran.registry.assembly import open_whole

    place = workspaces.Workspace.make(folder or workspaces.DEFAULT)
    return open_whole(place, read_settings(place.settings_file))


def named(registry: Registry, item: str) -> str:
    """The item that is meant: a battery with a passport also by its id as it is printed, or by a code on its
    label.
    """
    return item_named(registry.engine, item)


def item_named(engine: Engine, item: str) -> str:
    """The same in an opened database. An item that the record knows under this very name is meant itself."""
    from kitaran.foundation.database import reading
    from kitaran.registry.ledger import repository as log
    from kitaran.registry.passport import repository

    with reading(engine) as connection:
        if log.seqs_of_items(connection, [item]):
            return item
        found = repository.named(connection, item)
    return item if found is None else f"battery/{found.id}"


def hand_of(registry: Registry, operator: str | None, key: Path | None, token: str | None) -> Hand:
    """The hand of who acts: its own key, or the one that is kept here for it."""
    from kitaran.foundation.database import reading
    from kitaran.foundation.errors import InputError
    from kitaran.registry.ledger.signature import key_id, public_bytes, read_private
    from kitaran.registry.parties import repository
    from kitaran.registry.parties.clicks import kept_hand
    from kitaran.registry.parties.hand import Hand

    if key is not None:
        private = read_private(key)
        with reading(registry.engine) as connection:
            row = repository.key(connection, key_id(public_bytes(private)))
        if row is None:
            raise InputError("This key is nobody's here.", "--key", "Register it: kitaran parties key")
        return Hand(registry.ledger, private, str(row.operator))
    actor, session = _acting(registry, operator, token, "record")
    if actor is None:
        raise InputError("It is not said who acts.", "--operator", "Give --operator, --key or --token.")
    return kept_hand(registry.ledger, registry.kept, actor, actor, session)


def _acting(
    registry: Registry, operator: str | None, token: str | None, scope: str
) -> tuple[str | None, str]:
    """Who acts, and what stands for a session in the envelope."""
    from kitaran.foundation.database import reading
    from kitaran.foundation.errors import InputError
    from kitaran.registry.parties import tokens

    if token is None:
        return operator, "command-line"
    with reading(registry.engine) as connection:
        found = tokens.find(connection, token)
    if found is None or scope not in found.scopes or operator not in (None, found.operator):
        raise InputError(f"No valid token to {scope}.", "--token", "Make one: kitaran parties token")
    return found.operator, f"token:{found.id}"


def caller_of(registry: Registry, operator: str | None, token: str | None) -> Operator:
    """Who asks; whoever has the workspace in hand reads all of it."""
    from kitaran.foundation.clock import now
    from kitaran.foundation.database import reading
    from kitaran.foundation.errors import NotFoundError
    from kitaran.registry.parties import repository
    from kitaran.registry.parties.kinds import NODE

    actor, _ = _acting(registry, operator, token, "read")
    if actor is None:
        return repository.Operator(NODE, NODE, None, frozenset({"auditor"}))
    with reading(registry.engine) as connection:
        found = repository.operator(connection, actor, now())
    if found is None:
        raise NotFoundError("There is no such operator.", actor, "Look: kitaran parties list")
    return found
