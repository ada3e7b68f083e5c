"""`kitaran parties token`: the tokens of an operator's programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from kitaran.cli.output import AsJson, WorkspaceOption, print_json, print_table, say

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from sqlalchemy import Engine

token_app = typer.Typer(help="Tokens with which programs ask the registry.", no_args_is_help=True)
Days = Annotated[int, typer.Option(min=1, max=3660, help="Days that the token lasts.")]


def _open(folder: Path | None) -> Engine:
    from kitaran.foundation import workspace as workspaces
    from kitaran.foundation.settings import read_settings
    from kitaran.registry.store import open_registry

    place = workspaces.Workspace.open(folder or workspaces.DEFAULT)
    return open_registry(place, read_settings(place.settings_file))


@token_app.command("list", epilog="Example: kitaran parties token list --operator delta-1a2b3c4d")
def list_tokens(
    operator: Annotated[str | None, typer.Option(help="Only those of this operator.")] = None,
    workspace: WorkspaceOption = None,
    as_json: AsJson = False,
) -> None:
    """List tokens: what they may do, until when, and when they were used last."""
    from kitaran.foundation.clock import now
    from kitaran.foundation.database import reading
    from kitaran.registry.parties import tokens

    with reading(_open(workspace)) as connection:
        found = tokens.every(connection, operator)
    rows = [
        {
            "token": one.id,
            "operator": one.operator,
            "label": one.label,
            "scopes": sorted(one.scopes),
            "roles": None if one.roles is None else sorted(one.roles),
            "made_at": one.made_at,
            "valid_until": one.valid_until,
            "ended_at": one.ended_at,
            "used_on": one.used_on,
            "valid": one.valid_at(now()),
        }
        for one in found
    ]
    if as_json:
        print_json({"tokens": rows})
    elif rows:
        heads = ("Token", "Operator", "For", "May", "Until", "Last used", "Valid")
        shown = [
            (
                one.id,
                one.operator,
                one.label,
                ", ".join(sorted(one.scopes)),
                one.valid_until or "",
                one.used_on or "",
                "yes" if one.valid_at(now()) else "no",
            )
            for one in found
        ]
        print_table("", heads, shown)
    else:
        print("There is no token yet. Make one: kitaran parties token make OPERATOR")


@token_app.command(
    "make", epilog="Example: kitaran parties token make delta-1a2b3c4d --scope read --label scale --days 90"
)
def make(
    operator: Annotated[str, typer.Argument(help="Id of the operator.")],
    scope: Annotated[
        list[str] | None, typer.Option("--scope", help="read or record; may be repeated; by default both.")
    ] = None,
    label: Annotated[str, typer.Option(help="For which program, so that it can be told apart.")] = "",
    days: Days = 365,
    workspace: WorkspaceOption = None,
    as_json: AsJson = False,
) -> None:
    """Make a token and print it, this once."""
    from kitaran.foundation.clock import now
    from kitaran.foundation.database import writing
    from kitaran.foundation.errors import NotFoundError
    from kitaran.registry.parties import repository, tokens
    from kitaran.registry.parties.access_acts import record

    with writing(_open(workspace)) as connection:
        if repository.operator(connection, operator, now()) is None:
            raise NotFoundError("There is no such operator.", operator, "Look at kitaran parties list.")
        made = tokens.make(connection, operator, _until(days), label, scope or tokens.SCOPES)
        record(connection, "token_made", operator=operator)
    _tell(operator, made, as_json)


@token_app.command("renew", epilog="Example: kitaran parties token renew 0f3c2a1b9d8e7f60 --days 90")
def renew(
    token: Annotated[str, typer.Argument(help="Id of the token, from the list.")],
    days: Days = 365,
    workspace: WorkspaceOption = None,
    as_json: AsJson = False,
) -> None:
    """End a token and print another in its place that may do the same."""
    from kitaran.foundation.database import writing
    from kitaran.registry.parties import tokens

    with writing(_open(workspace)) as connection:
        found = tokens.get(connection, token)
        made = tokens.renew(connection, found, _until(days))
    _tell(found.operator, made, as_json)


@token_app.command("end", epilog="Example: kitaran parties token end 0f3c2a1b9d8e7f60")
def end(
    token: Annotated[str, typer.Argument(help="Id of the token, from the list.")],
    workspace: WorkspaceOption = None,
    as_json: AsJson = False,
) -> None:
    """Let a token do nothing more."""
    from kitaran.foundation.database import writing
    from kitaran.registry.parties import tokens

    with writing(_open(workspace)) as connection:
        found = tokens.get(connection, token)
        tokens.end(connection, found)
    if as_json:
        print_json({"token": found.id, "operator": found.operator, "ended": True})
    else:
        print(f"Token {found.id} of {found.operator} does nothing more.")


def _until(days: int) -> datetime:
    from datetime import timedelta

    from kitaran.foundation.clock import now

    return now() + timedelta(days=days)


def _tell(operator: str, made: str, as_json: bool) -> None:
    if as_json:
        print_json({"operator": operator, "token": made})
        return
    print(made)
    say("Keep the token: it is not shown again.")
