"""Commands of `kitaran passport` that say what was read of a battery, and what became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from kitaran.cli.custody_hand import (
    KeyOption,
    OperatorOption,
    TokenOption,
    hand_of,
    open_registry,
)
from kitaran.cli.output import AsJson, WorkspaceOption, print_json

if TYPE_CHECKING:
    from kitaran.registry.assembly import Registry

Battery = Annotated[str, typer.Argument(help="Id of the passport, or a code on the label.")]
CHANGES = ("repaired", "reused", "remanufactured", "became_waste", "ceased", "revoked")
_SOURCES = "measured, management_system, declared or estimated."
_WHO = "--operator delta-1a2b3c4d"


def add_to(app: typer.Typer) -> None:
    """Give the commands to the group `kitaran passport`."""
    for command, example in (
        (reading, f"reading 0b6f... remaining_capacity_ah 140.5 --instrument 'Bench 4' {_WHO}"),
        (record, f"record 0b6f... revoked --account 'Copied from another label.' {_WHO}"),
    ):
        app.command(epilog=f"Example: kitaran passport {example}")(command)


def reading(
    battery: Battery,
    attribute: Annotated[str, typer.Argument(help="What was read, such as remaining_capacity_ah.")],
    value: Annotated[str, typer.Argument(help="Its value in the unit of the attribute.")],
    instrument: Annotated[str, typer.Option("--instrument", help="With what it was read.")],
    error: Annotated[
        str | None, typer.Option("--error", help="Half width of the error, in the same unit.")
    ] = None,
    source: Annotated[
        str, typer.Option("--source", help="measured, management_system, declared or estimated.")
    ] = "measured",
    operator: OperatorOption = None,
    key: KeyOption = None,
    token: TokenOption = None,
    workspace: WorkspaceOption = None,
    as_json: AsJson = False,
) -> None:
    """Add a reading to the passport of a battery; those before it stay."""
    from kitaran.registry.passport import values
    from kitaran.registry.passport.attributes import entered

    known = entered("item", "dynamic").get(attribute)
    told = {
        "attribute": attribute,
        "value": value if known is None else values.from_text(known, value),
        "instrument": instrument,
        "source": source,
        **({} if error is None else {"error": error}),
    }
    rest = (operator, key, token, as_json)
    _say(open_registry(workspace), battery, "reading_taken", {}, {"reading": told}, *rest)


def record(
    battery: Battery,
    what: Annotated[str, typer.Argument(help=f"{', '.join(CHANGES[:-1])} or {CHANGES[-1]}.")],
    account: Annotated[str, typer.Option("--account", help="What happened and why, in words.")],
    operator: OperatorOption = None,
    key: KeyOption = None,
    token: TokenOption = None,
    workspace: WorkspaceOption = None,
    as_json: AsJson = False,
) -> None:
    """Say what became of a battery, or revoke a fraudulent passport."""
    from kitaran.foundation.errors import InputError

    if what not in CHANGES:
        raise InputError(f"{what} is nothing that is recorded.", "WHAT", f"Known are {', '.join(CHANGES)}.")
    rest = (operator, key, token, as_json)
    _say(open_registry(workspace), battery, what, {"account": account}, {}, *rest)


def _say(
    registry: Registry, named: str, what: str, payload: dict[str, Any], sealed: dict[str, Any], *rest: Any
) -> None:
    """Record one event of a battery by who acts, and tell its receipt."""
    import orjson

    from kitaran.foundation.database import reading
    from kitaran.foundation.errors import NotFoundError
    from kitaran.registry.passport import repository, service
    from kitaran.registry.passport.kinds import item_of

    operator, key, token, as_json = rest
    hand = hand_of(registry, operator, key, token)
    with reading(registry.engine) as connection:
        found = repository.named(connection, named)
    if found is None:
        raise NotFoundError("There is no such passport.", named, "Look at the code on the label.")
    told = {"battery": found.id, **payload}
    receipt = orjson.loads(service.append(hand, f"passport.{what}", [item_of(found.id)], told, sealed))
    if as_json:
        print_json({"battery": found.id, "receipt": receipt})
    else:
        print(f"{found.id}: {what.replace('_', ' ')}, recorded as event {receipt['seq']}")
