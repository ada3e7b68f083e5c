"""`kitaran custody`: who holds and who owns a battery, and how it came there."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from kitaran.cli import custody_acts
from kitaran.cli.custody_hand import (
    KeyOption,
    OperatorOption,
    PlaceOption,
    SeenByOption,
    TokenOption,
    caller_of,
    hand_of,
    named,
    open_registry,
)
from kitaran.cli.moments import moment
from kitaran.cli.output import AsJson, WorkspaceOption, print_json, print_table

app = typer.Typer(help="Custody: begin, offer, accept, divide, install, history.", no_args_is_help=True)
custody_acts.add_to(app)


@app.command(epilog="Example: kitaran custody begin pack-1 --mass-kg 412.5 --operator delta-1a2b3c4d")
def begin(
    item: Annotated[str, typer.Argument(help="Id of the item, such as battery/ID.")],
    form: Annotated[str, typer.Option(help="pack, module, cell or other.")] = "pack",
    count: Annotated[int, typer.Option(help="Pieces of a lot.")] = 1,
    mass_kg: Annotated[str | None, typer.Option("--mass-kg", help="Mass of all of it [kg].")] = None,
    condition: Annotated[str | None, typer.Option(help="What is seen.")] = None,
    operator: OperatorOption = None,
    key: KeyOption = None,
    token: TokenOption = None,
    place: PlaceOption = None,
    workspace: WorkspaceOption = None,
    as_json: AsJson = False,
) -> None:
    """Let an item without a passport begin here, in the hand of who acts."""
    from kitaran.registry.custody import service

    registry = open_registry(workspace)
    payload = {"form": form, "count": count, "mass_kg": mass_kg, "condition": condition}
    recorded = service.begin(hand_of(registry, operator, key, token), item, payload, place)
    if as_json:
        print_json({"item": item, "receipt": recorded})
    else:
        print(f"{item}: recorded as event {recorded['seq']}")


@app.command(epilog="Example: kitaran custody offer pack-1 --to beta-9f8e7d6c --operator delta-1a2b3c4d")
def offer(
    items: Annotated[list[str], typer.Argument(help="Ids of the items, or of their passports.")],
    to: Annotated[str, typer.Option("--to", help="Id of the operator who is to receive them.")],
    passes: Annotated[str, typer.Option(help="possession, ownership or both.")] = "both",
    basis: Annotated[str, typer.Option(help="sale, lease, swap, return, treatment and others.")] = "sale",
    until: Annotated[
        str | None, typer.Option("--until", help="Time at which the offer runs out, 2026-01-31T08:00Z.")
    ] = None,
    claim_days: Annotated[int, typer.Option(help="Days in which a claim is answered.")] = 14,
    condition: Annotated[str | None, typer.Option(help="Condition as it is offered.")] = None,
    waste_code: Annotated[str | None, typer.Option(help="Entry of a list of wastes.")] = None,
    operator: OperatorOption = None,
    key: KeyOption = None,
    token: TokenOption = None,
    place: PlaceOption = None,
    workspace: WorkspaceOption = None,
    as_json: AsJson = False,
) -> None:
    """Offer items to another operator; they stay where they are until it accepts."""
    from kitaran.registry.custody import service

    registry = open_registry(workspace)
    payload = {
        "to": to,
        "passes": passes,
        "basis": basis,
        "valid_until": None if until is None else moment(until),
        "claim_days": claim_days,
        "condition": condition,
        "waste_code": waste_code,
    }
    items = [named(registry, item) for item in items]
    made = service.offer(hand_of(registry, operator, key, token), items, payload, place)
    if as_json:
        print_json(made)
    else:
        print(f"Offer {made['offer']}: {', '.join(items)} to {made['receiver_name']}")


@app.command(
    epilog="Example: kitaran custody accept 0f3c... --operator beta-9f8e7d6c --claim pack-1:mass_kg=410"
)
def accept(
    offer: Annotated[str, typer.Argument(help="Id of the offer.")],
    claim: Annotated[
        list[str] | None,
        typer.Option(
            "--claim", help="ITEM:mass_kg=N, ITEM:count=N or ITEM:condition=WORDS; may be repeated."
        ),
    ] = None,
    facility: Annotated[str | None, typer.Option(help="Id of the facility that takes them in.")] = None,
    operator: OperatorOption = None,
    key: KeyOption = None,
    token: TokenOption = None,
    place: PlaceOption = None,
    workspace: WorkspaceOption = None,
    as_json: AsJson = False,
) -> None:
    """Accept an offer, with a claim or without, and print the receipt."""
    from kitaran.registry.custody import service

    registry = open_registry(workspace)
    claims = [one | {"item": named(registry, one["item"])} for one in _claims(claim or [])]
    done = service.accept(hand_of(registry, operator, key, token), offer, claims, facility, place)
    if as_json:
        print_json(done)
    else:
        print(done["receipts"]["receiver"])


@app.command(epilog="Example: kitaran custody history pack-1 --json")
def history(
    item: Annotated[str, typer.Argument(help="Id of the item, or of its passport.")],
    operator: SeenByOption = None,
    token: TokenOption = None,
    workspace: WorkspaceOption = None,
    as_json: AsJson = False,
) -> None:
    """Tell where an item stands, who had it, what it was made of and what became of it."""
    from kitaran.foundation.database import reading
    from kitaran.registry.custody import history as histories
    from kitaran.registry.custody import lineage

    registry = open_registry(workspace)
    caller, item = caller_of(registry, operator, token), named(registry, item)
    with reading(registry.engine) as connection:
        told = histories.of(connection, item, caller) | {"lineage": lineage.of(connection, item, caller)}
    if as_json:
        print_json(told)
        return
    last = "last held by" if told["status"] == "closed" else "held by"
    print(f"{item}: {_standing(told)}, {last} {told['holder'] or 'another'}")
    rows = [
        (one["at"], one["kind"].removeprefix("custody."), one["by"], one["place"] or "")
        for one in told["events"]
    ]
    print_table("", ("At", "What", "By", "Place"), rows)


def _standing(told: dict[str, Any]) -> str:
    """Where an item stands, in words: what it is installed in, what it lies inside, or its status."""
    running = [one for one in told["stays"] if one["until"] is None]
    if told["status"] is None:
        return "not yours any more"
    if told["status"] == "closed":
        return "taken apart, nothing is left of it as a whole"
    if told["status"] == "held" and running:
        return f"installed in {running[-1]['what'].replace('_', ' ')} {running[-1]['host']}"
    return f"inside {told['inside']}" if told["inside"] else str(told["status"])


def _claims(texts: list[str]) -> list[dict[str, Any]]:
    """Claims as they are typed, one field each, put together by item."""
    from kitaran.foundation.errors import InputError

    found: dict[str, dict[str, Any]] = {}
    for text in texts:
        what, equals, value = text.partition("=")
        item, _, name = what.rpartition(":")
        if not (equals and item) or name not in ("mass_kg", "count", "condition"):
            raise InputError(f"{text} is no claim.", "--claim", "Write it as pack-1:mass_kg=410.5")
        if name == "count" and not value.isdecimal():
            raise InputError(f"{value} is no count.", "--claim", "Give a whole number.")
        found.setdefault(item, {"item": item})[name] = int(value) if name == "count" else value
    return list(found.values())
