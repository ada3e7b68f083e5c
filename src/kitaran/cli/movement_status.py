"""`kitaran movement status`: how notifications and movements stand, as who may see them reads it."""

from __future__ import annotations

from typing import Annotated, Any, Final

import typer

from kitaran.cli.custody_hand import SeenByOption, TokenOption
from kitaran.cli.output import AsJson, WorkspaceOption, print_json, print_table

standing = typer.Typer()

_ENDED: Final = ("completed", "cancelled", "taken_back", "withdrawn", "objected")
"""States of a movement or a notification after which no document is wanted any more."""


@standing.command(epilog="Example: kitaran movement status n-1 --json")
def status(
    number: Annotated[str | None, typer.Argument(help="A number; none lists all.")] = None,
    operator: SeenByOption = None,
    token: TokenOption = None,
    workspace: WorkspaceOption = None,
    as_json: AsJson = False,
) -> None:
    """Tell how notifications and movements stand, whose turn it is, and what is left of the consents."""
    from kitaran.cli.custody_hand import caller_of, open_registry
    from kitaran.foundation.clock import now
    from kitaran.foundation.database import reading
    from kitaran.registry.movement import listing, repository, view

    registry = open_registry(workspace)
    caller = caller_of(registry, operator, token)
    with reading(registry.engine) as connection:
        if number is None:
            told = listing.listed(connection, caller, now())
        elif repository.movement(connection, number) is not None:
            told = view.of_movement(connection, number, caller, now())
        else:
            told = view.of_notification(connection, number, caller, now())
    if as_json:
        print_json(told)
    elif number is None:
        _print_list(told)
    else:
        _print_one(number, told)


def _print_list(told: dict[str, Any]) -> None:
    rows = [
        ("notification", one["notification"], one["state"], f"{one['quantity']['left_kg']} kg left")
        for one in told["notifications"]
    ]
    rows += [
        ("movement", one["movement"], one["state"].replace("_", " "), f"{one['mass_kg']} kg")
        for one in told["movements"]
    ]
    print_table("Notifications and movements", ["", "number", "state", "mass"], rows)


def _print_one(number: str, told: dict[str, Any]) -> None:
    ended = told["state"] in _ENDED
    state = told["state"].replace("_", " ")
    law = "" if ended else f"; by the law on these facts: {told['law']['card']}"
    print(f"{number}: {state.upper() if ended else state}{law}")
    for one in told["next"]:
        due = f", until {one['due']}" if one["due"] else ""
        late = ", LATE" if one["late"] else ""
        who = " of ".join(part for part in (one["who"], one["economy"]) if part)
        print(f"  next: {who}: {one['what'].replace('_', ' ')}{due}{late}")
    if not ended:
        _print_wanted(told["dossier"])
    print(told["note"])


def _print_wanted(dossier: list[dict[str, Any]]) -> None:
    """Documents that somebody can give now, and the names of those whose time has not come."""
    rows = [
        (one["document"], one["state"], one["who"] or "")
        for one in dossier
        if one["state"] not in ("given", "held", "later")
    ]
    print_table("Documents that are missing", ["document", "state", "who can give it"], rows)
    if later := [one["document"] for one in dossier if one["state"] == "later"]:
        print(f"Comes later: {', '.join(later)}")
