"""`kitaran parties person`: people who sign in, and the links with which they set their passwords."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from kitaran.cli.output import AsJson, WorkspaceOption, print_json, print_table, say

if TYPE_CHECKING:
    from pathlib import Path

    from kitaran.registry.assembly import Registry

person_app = typer.Typer(help="People who sign in for an operator.", no_args_is_help=True)


def _open(folder: Path | None) -> tuple[Registry, str]:
    """The registry, and where its server is reached as far as the settings say."""
    from kitaran.foundation import workspace as workspaces
    from kitaran.foundation.settings import read_settings
    from kitaran.registry.assembly import open_whole

    place = workspaces.Workspace.make(folder or workspaces.DEFAULT)
    settings = read_settings(place.settings_file)
    base = settings.public_url or f"http://127.0.0.1:{settings.port}"
    return open_whole(place, settings), base


@person_app.command(
    "add", epilog='Example: kitaran parties person add "Lek" --operator beta-1a2b3c4d --sign-in-name lek'
)
def add(
    name: Annotated[str, typer.Argument(help="Name of the person.")],
    operator: Annotated[str, typer.Option(help="Id of the operator to which the person belongs.")],
    sign_in_name: Annotated[str, typer.Option(help="What the person types to sign in: an e-mail address.")],
    role: Annotated[
        list[str] | None, typer.Option("--role", help="One of the operator's roles; by default all of them.")
    ] = None,
    workspace: WorkspaceOption = None,
    as_json: AsJson = False,
) -> None:
    """Add a person and print the link with which it sets its password. The link is shown this once."""
    from kitaran.foundation.database import writing
    from kitaran.registry.parties import accounts, one_time_links

    registry, base = _open(workspace)
    with writing(registry.engine) as connection:
        made = accounts.add(connection, operator, name, sign_in_name, role or ())
        secret = one_time_links.make(connection, "invite", made.id)
    _tell_link(made.id, one_time_links.address(base, secret), as_json)


@person_app.command("link", epilog="Example: kitaran parties person link person-1a2b3c4d5e6f7a8b")
def link(
    person: Annotated[str | None, typer.Argument(help="Id of the person.")] = None,
    first: Annotated[
        bool, typer.Option("--first", help="For the first administrator of a new installation.")
    ] = False,
    workspace: WorkspaceOption = None,
    as_json: AsJson = False,
) -> None:
    """Print a new one-time link for a person, or for the first administrator. Earlier links end."""
    from kitaran.foundation.database import writing
    from kitaran.foundation.errors import InputError
    from kitaran.registry.parties import accounts, one_time_links

    if (person is None) != first:
        raise InputError("Name a person, or say --first.", "PERSON", "Look at kitaran parties person list.")
    registry, base = _open(workspace)
    with writing(registry.engine) as connection:
        if person is None:
            if accounts.any_administrator(connection):
                cause = "There is an administrator who can sign in."
                raise InputError(cause, "--first", "Name a person instead, and make a link for it.")
            secret = one_time_links.make(connection, "first")
        else:
            found = accounts.get(connection, person)
            purpose: one_time_links.Purpose = "reset" if found.has_password else "invite"
            if found.ended_at is not None:
                raise InputError("This person is let in no more.", "PERSON", "Add the person anew.")
            secret = one_time_links.make(connection, purpose, person)
    _tell_link(person, one_time_links.address(base, secret), as_json)


@person_app.command("list", epilog="Example: kitaran parties person list")
def list_people(workspace: WorkspaceOption = None, as_json: AsJson = False) -> None:
    """List the people with their operators, their roles and whether they can sign in."""
    from kitaran.foundation.database import reading
    from kitaran.registry.parties import accounts

    with reading(_open(workspace)[0].engine) as connection:
        found = accounts.every(connection)
    rows = [
        {
            "person": one.id,
            "name": one.name,
            "sign_in_name": one.sign_in_name,
            "operator": one.operator.id,
            "roles": sorted(one.roles),
            "can_sign_in": one.has_password and one.ended_at is None,
        }
        for one in found
    ]
    if as_json:
        print_json({"people": rows})
    elif rows:
        heads = ("Person", "Name", "Signs in as", "Operator", "Roles", "Can sign in")
        shown = [
            (one.id, one.name, one.sign_in_name, one.operator.id, ", ".join(sorted(one.roles)), can)
            for one, can in zip(found, ("yes" if r["can_sign_in"] else "no" for r in rows), strict=True)
        ]
        print_table("", heads, shown)
    else:
        print("There is nobody yet. Begin with: kitaran parties person link --first")


@person_app.command("end", epilog="Example: kitaran parties person end person-1a2b3c4d5e6f7a8b")
def end(
    person: Annotated[str, typer.Argument(help="Id of the person.")],
    workspace: WorkspaceOption = None,
    as_json: AsJson = False,
) -> None:
    """Let a person in no more: its sessions and links end at once."""
    from kitaran.foundation.database import writing
    from kitaran.registry.parties import accounts

    with writing(_open(workspace)[0].engine) as connection:
        found = accounts.get(connection, person)
        accounts.end(connection, found, None)
    if as_json:
        print_json({"person": person, "ended": True})
    else:
        print(f"{found.name} is let in no more.")


def _tell_link(person: str | None, address: str, as_json: bool) -> None:
    if as_json:
        print_json({"person": person, "link": address})
        return
    print(address)
    say("Give it on a way that others do not read: it works once, and whoever opens it sets the password.")
