"""`kitaran parties`: who takes part in the registry of a workspace."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kitaran.cli.output import AsJson, WorkspaceOption, print_json, print_table, say
from kitaran.cli.people import person_app
from kitaran.cli.tokens import token_app

if TYPE_CHECKING:
    from kitaran.registry.assembly import Registry

app = typer.Typer(help="Operators of the registry: roles, keys, licences, tokens.", no_args_is_help=True)
app.add_typer(person_app, name="person")
app.add_typer(token_app, name="token")


def _open(folder: Path | None) -> Registry:
    from kitaran.foundation import workspace as workspaces
    from kitaran.foundation.settings import read_settings
    from kitaran.registry.assembly import open_whole

    place = workspaces.Workspace.make(folder or workspaces.DEFAULT)
    return open_whole(place, read_settings(place.settings_file))


@app.command(
    epilog='Example: kitaran parties add "Delta Recyclers" --role recycler --key delta.pub.pem --json'
)
def add(
    name: Annotated[str, typer.Argument(help="Name of the organisation or firm.")],
    role: Annotated[list[str], typer.Option("--role", help="Role; may be repeated. See the documentation.")],
    key: Annotated[
        Path | None,
        typer.Option(
            "--key", help="Public Ed25519 key (PEM) of its own; without it the node keeps one for it."
        ),
    ] = None,
    economy: Annotated[str | None, typer.Option(help="Where it is, three letters such as THA.")] = None,
    workspace: WorkspaceOption = None,
    as_json: AsJson = False,
) -> None:
    """Add an operator and print its id, its key's id and its API token, which is shown this once."""
    from kitaran.registry.ledger.signature import read_public

    public_key = None if key is None else read_public(key)
    added = _open(workspace).enrolment.add(name, role, public_key, economy)
    if as_json:
        print_json(
            {
                "operator": added.operator,
                "key_id": added.key_id,
                "custody": added.custody,
                "token": added.token,
            }
        )
        return
    print(f"Operator {added.operator}\nKey      {added.key_id} ({added.custody})\nToken    {added.token}")
    say("Keep the token: it is not shown again.")


@app.command("list", epilog="Example: kitaran parties list")
def list_operators(workspace: WorkspaceOption = None, as_json: AsJson = False) -> None:
    """List the operators with the roles that they hold now."""
    from kitaran.foundation.clock import now
    from kitaran.foundation.database import reading
    from kitaran.registry.parties import repository

    with reading(_open(workspace).engine) as connection:
        found = repository.operators(connection, now())
    rows = [
        {"operator": one.id, "name": one.name, "economy": one.economy, "roles": sorted(one.roles)}
        for one in found
    ]
    if as_json:
        print_json({"operators": rows})
    elif rows:
        shown = [(r["operator"], r["name"], r["economy"] or "", ", ".join(r["roles"] or ())) for r in rows]
        print_table("", ("Operator", "Name", "Economy", "Roles"), shown)
    else:
        print("There is no operator yet. Add one: kitaran parties add NAME --role ROLE")


@app.command(
    epilog="Example: kitaran parties licence delta-1a2b3c4d --number F-105/2569 --activity recycle ..."
)
def licence(
    operator: Annotated[str, typer.Argument(help="Id of the operator.")],
    number: Annotated[str, typer.Option(help="Number that the authority gave.")],
    authority: Annotated[str, typer.Option(help="Who granted it.")],
    activity: Annotated[list[str], typer.Option("--activity", help="What it allows; may be repeated.")],
    valid_from: Annotated[str, typer.Option("--from", help="First day, 2026-01-31, in UTC.")],
    valid_until: Annotated[str | None, typer.Option("--until", help="Last day, in UTC.")] = None,
    workspace: WorkspaceOption = None,
    as_json: AsJson = False,
) -> None:
    """Enter a licence of an operator, with the days from when until when it holds."""
    import secrets

    entered = {
        "licence": f"licence-{secrets.token_hex(6)}",
        "number": number,
        "authority": authority,
        "activities": activity,
        "valid_from": _start_of(valid_from, "--from"),
        "valid_until": None if valid_until is None else _start_of(valid_until, "--until", 1),
    }
    _open(workspace).enrolment.grant_licence(operator, entered)
    if as_json:
        print_json({"operator": operator, **entered})
    else:
        print(f"{entered['licence']}: {operator} may {', '.join(activity)} from {valid_from}")


@app.command(epilog="Example: kitaran parties key delta-1a2b3c4d --add new.pub.pem --end 0f3c...")
def key(
    operator: Annotated[str, typer.Argument(help="Id of the operator.")],
    add: Annotated[Path | None, typer.Option("--add", help="Public Ed25519 key (PEM) to register.")] = None,
    end: Annotated[str | None, typer.Option("--end", help="Id of the key that signs nothing more.")] = None,
    reason: Annotated[str, typer.Option(help="Why the key ends: rotated, lost, stolen.")] = "rotated",
    workspace: WorkspaceOption = None,
    as_json: AsJson = False,
) -> None:
    """Register a further key of an operator, end one, and list them."""
    from kitaran.foundation.database import reading
    from kitaran.registry.ledger.signature import read_public
    from kitaran.registry.parties import repository

    registry = _open(workspace)
    if add is not None:
        registry.enrolment.add_key(operator, read_public(add))
    if end is not None:
        registry.enrolment.end_key(operator, end, reason)
    with reading(registry.engine) as connection:
        found = repository.keys(connection, operator)
    names = ("key_id", "custody", "valid_from", "valid_until")
    rows = [{name: getattr(one, name) for name in names} for one in found]
    if as_json:
        print_json({"operator": operator, "keys": rows})
    else:
        print_table("", ("Key", "Custody", "From", "Until"), [[r[n] or "" for n in names] for r in rows])


@app.command(epilog="Example: kitaran parties record permit_granted permit.yaml")
def record(
    kind: Annotated[str, typer.Argument(help="What happened: facility_registered, permit_granted, ...")],
    file: Annotated[
        Path, typer.Argument(help="YAML file with the fields of the event, and `sealed` if any.")
    ],
    workspace: WorkspaceOption = None,
    as_json: AsJson = False,
) -> None:
    """Record an event of a facility, technician, incident or alert, signed by the installation itself."""
    import yaml

    from kitaran.foundation.database import reading
    from kitaran.foundation.disk import explain
    from kitaran.foundation.errors import InputError
    from kitaran.registry.parties import entering

    if kind not in entering.KINDS:
        known = ", ".join(entering.KINDS)
        raise InputError(f"There is no kind of event {kind!r} here.", "KIND", f"Known are {known}.")
    try:
        told = yaml.safe_load(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise explain(error, file) from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise InputError(f"This is not YAML: {error}.", str(file), "Correct the file.") from error
    if not isinstance(told, dict):
        raise InputError("The file holds no fields.", str(file), "Write one field a line: name: value.")
    payload = entering.plain(told)
    sealed = payload.pop("sealed", {})
    registry = _open(workspace)
    with reading(registry.engine) as connection:
        item = entering.item_of(connection, kind, payload)
    receipt = registry.hand.record(f"parties.{kind}", item, payload, sealed)
    print(receipt.decode() if as_json else f"Recorded: {kind} of {item}")


@app.command(epilog="Example: kitaran parties facilities --json")
def facilities(workspace: WorkspaceOption = None, as_json: AsJson = False) -> None:
    """List the facilities with what each is registered to do and what a permit covers now."""
    from kitaran.api.facilities import facts_of_all
    from kitaran.foundation.clock import now
    from kitaran.foundation.database import reading

    with reading(_open(workspace).engine) as connection:
        found = facts_of_all(connection, now())
    if as_json:
        print_json(found)
        return
    rows = [
        (r["facility"], r["name"], r["economy"], ", ".join(r["activities"]), ", ".join(r["under_permit"]))
        for r in found["facilities"]
    ]
    print_table("", ("Facility", "Name", "Economy", "Registered to", "Under a permit now"), rows)


def _start_of(day: str, place: str, later: int = 0) -> str:
    """The first moment of a day, or of the day after, as the record writes it."""
    from datetime import UTC, date, datetime, time, timedelta

    from kitaran.foundation.clock import stamp
    from kitaran.foundation.errors import InputError

    try:
        found = date.fromisoformat(day) + timedelta(days=later)
    except (ValueError, OverflowError):
        raise InputError(f"{day} is no date.", place, "Write it as 2026-01-31.") from None
    return stamp(datetime.combine(found, time(), UTC))
