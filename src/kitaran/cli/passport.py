"""`kitaran passport`: models, passports of batteries, and batteries that have none."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kitaran.cli import intake, passport_acts
from kitaran.cli.output import AsJson, WorkspaceOption, print_json, print_table, say

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from kitaran.registry.assembly import Registry
    from kitaran.registry.parties.hand import Hand
    from kitaran.registry.passport.importing import RowError
    from kitaran.registry.passport.repository import Battery

app = typer.Typer(help="Battery passports: register, issue, import, show, export.", no_args_is_help=True)
MOST_SHOWN = 20
OperatorOption = Annotated[
    str | None, typer.Option("--operator", help="Id of the operator who answers for it.")
]
KeyOption = Annotated[
    Path | None,
    typer.Option("--key", help="Private key (PEM) of the operator; without it this installation signs."),
]
PublicOption = Annotated[
    bool, typer.Option("--public", help="Only what everyone may read; without it, all that is kept.")
]
TokenOption = Annotated[
    str | None,
    typer.Option("--token", envvar="KITARAN_TOKEN", help="Only what the operator of this token may read."),
]


def _open(folder: Path | None) -> Registry:
    from kitaran.foundation import workspace as workspaces
    from kitaran.foundation.settings import read_settings
    from kitaran.registry.assembly import open_whole

    place = workspaces.Workspace.make(folder or workspaces.DEFAULT)
    return open_whole(place, read_settings(place.settings_file))


def _hand(registry: Registry, operator: str | None, key: Path | None) -> Hand:
    """The hand that signs: the operator's own, or this installation's."""
    from kitaran.foundation.errors import InputError
    from kitaran.registry.ledger.signature import read_private
    from kitaran.registry.parties.hand import Hand

    if key is None:
        return registry.hand
    if operator is None:
        raise InputError("It is not said whose key it is.", "--operator", "Give the id of the operator.")
    return Hand(registry.ledger, read_private(key), operator)


@app.command(epilog="Example: kitaran passport model pack-52.yaml --operator delta-1a2b3c4d")
def model(
    file: Annotated[Path, typer.Argument(help="YAML or JSON with model, operator and attributes.")],
    operator: OperatorOption = None,
    key: KeyOption = None,
    workspace: WorkspaceOption = None,
    as_json: AsJson = False,
) -> None:
    """Register a battery model, or its next version."""
    from kitaran.foundation.errors import InputError
    from kitaran.registry.passport import model_file, service

    read = model_file.read(file)
    whose = operator or read.operator
    if whose is None:
        raise InputError("The model has no operator.", "--operator", "Say who answers for it.")
    registry = _open(workspace)
    version = service.register_model(_hand(registry, whose, key), whose, read.model, read.attributes)
    if as_json:
        print_json({"model": read.model, "operator": whose, "version": version})
    else:
        print(f"{read.model}: version {version} is registered for {whose}.")


@app.command(epilog="Example: kitaran passport issue --model pack-52 --serial DX-000123 --made 2026-10-31")
def issue(
    model: Annotated[str, typer.Option("--model", help="Id of the model.")],
    serial: Annotated[str, typer.Option("--serial", help="Serial number, unique within the model.")],
    made: Annotated[str | None, typer.Option("--made", help="Day on which it was made.")] = None,
    batch: Annotated[str | None, typer.Option("--batch", help="Number of its batch.")] = None,
    code: Annotated[list[str] | None, typer.Option("--code", help="Code on its label; may repeat.")] = None,
    operator: OperatorOption = None,
    key: KeyOption = None,
    workspace: WorkspaceOption = None,
    as_json: AsJson = False,
) -> None:
    """Issue the passport of one battery and print its id."""
    from kitaran.foundation.errors import Fault, InputError
    from kitaran.registry.passport import importing

    told = {"model": model, "serial_number": serial, "manufactured_on": made, "batch_number": batch}
    cells = {name: value for name, value in told.items() if value is not None}
    if code:
        cells["codes"] = ";".join(code)
    registry = _open(workspace)
    issued, errors = importing.import_rows(
        _hand(registry, operator, key), lambda: iter([(1, cells)]), operator
    )
    if issued is None:
        faults = [Fault(one.column, one.message, "") for one in errors]
        raise InputError("The passport cannot be issued.", faults=faults)
    if as_json:
        print_json({"battery": issued.batteries[0], "model": model, "serial_number": serial})
    else:
        print(issued.batteries[0])


@app.command("import", epilog="Example: kitaran passport import packs.csv --operator delta-1a2b3c4d --json")
def import_(
    file: Annotated[Path, typer.Argument(help="CSV, NDJSON or XLSX, one battery a row.")],
    operator: OperatorOption = None,
    key: KeyOption = None,
    ids: Annotated[
        Path | None,
        typer.Option("--ids", help="CSV to write: ids of the passports in order of rows."),
    ] = None,
    workspace: WorkspaceOption = None,
    as_json: AsJson = False,
) -> None:
    """Issue a passport for each row of a file, or none and what is wrong in which cell (exit code 2)."""
    from kitaran.foundation.errors import KitaranError
    from kitaran.registry.passport.importing import RowError, import_file

    try:
        if ids is not None:
            _write(ids, "", "a")  # what is issued cannot be undone, so a file that cannot be written stops it
        registry = _open(workspace)
        issued, errors = import_file(_hand(registry, operator, key), file, operator)
    except KitaranError as error:
        if not as_json:
            raise
        issued, errors = None, [RowError(0, "", str(fault)) for fault in error.faults]
    count = 0 if issued is None else len(issued.batteries)
    if issued is not None and ids is not None:
        _write_ids(ids, issued.batteries)
    if as_json:
        print_json({"imported": count, "errors": [one.as_dict() for one in errors]})
    elif issued is None:
        _print_errors(errors)
    else:
        print(f"{count} passports are issued.")
    if issued is None:
        raise typer.Exit(2)


def _print_errors(errors: list[RowError]) -> None:
    rows = [(one.row, one.column, one.message) for one in errors[:MOST_SHOWN]]
    print_table("Nothing was imported", ("Row", "Column", "What is wrong"), rows)
    if len(errors) > MOST_SHOWN:
        say(f"And {len(errors) - MOST_SHOWN} more; --json prints all.")


def _write_ids(path: Path, batteries: tuple[str, ...]) -> None:
    lines = [f"{number},{one}" for number, one in enumerate(batteries, start=1)]
    _write(path, "\n".join(["battery_number,battery", *lines]) + "\n", "w")


def _write(path: Path, text: str, mode: str) -> None:
    from kitaran.foundation.disk import explain

    try:
        with path.open(mode, encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        raise explain(error, path) from error


app.command("take-in", epilog=intake.EXAMPLE)(intake.take_in)
passport_acts.add_to(app)


@app.command(epilog="Example: kitaran passport show 0b6f5d0e7a1c4b3d9e8f7a6b5c4d3e2f --public --json")
def show(
    battery: Annotated[str, typer.Argument(help="Id of the passport, or a code on the label.")],
    public: PublicOption = False,
    token: TokenOption = None,
    workspace: WorkspaceOption = None,
    as_json: AsJson = False,
) -> None:
    """Show a passport."""
    from kitaran.registry.passport.attributes import attributes

    facts = _facts(workspace, battery, public, token)
    if as_json:
        print_json(facts)
        return
    rows = [
        (attributes()[name].label, _shown(one["value"]), one["unit"])
        for name, one in facts["attributes"].items()
    ]
    print_table(f"{facts['id']} ({facts.get('state') or facts['origin']})", ("What", "", "Unit"), rows)


@app.command(epilog="Example: kitaran passport export 0b6f5d0e7a1c4b3d9e8f7a6b5c4d3e2f --format catenax")
def export(
    battery: Annotated[str, typer.Argument(help="Id of the passport, or a code on the label.")],
    form: Annotated[str, typer.Option("--format", help="batterypass or catenax.")] = "batterypass",
    missing: Annotated[
        bool, typer.Option("--missing", help="Print what the format requires and is not said, instead.")
    ] = False,
    public: PublicOption = False,
    token: TokenOption = None,
    workspace: WorkspaceOption = None,
) -> None:
    """Print a passport as Battery Pass 1.2 or Catena-X battery pass 6.0.0 (JSON)."""
    from kitaran.foundation.errors import InputError
    from kitaran.registry.passport import missing as lacking
    from kitaran.registry.passport.exports import FORMS, exported

    if form not in FORMS:
        raise InputError(f"There is no format {form}.", "--format", f"Give {' or '.join(FORMS)}.")
    document = exported(_facts(workspace, battery, public, token), form)
    found = lacking.missing(document, form)
    if missing:
        print_json({"missing": found})
        return
    print_json(document)
    if found:
        say(f"It does not validate yet; not said, or not to be read: {', '.join(lacking.names(found))}.")


@app.command("attributes", epilog="Example: kitaran passport attributes --markdown")
def list_attributes(
    markdown: Annotated[bool, typer.Option("--markdown", help="As a table of Markdown.")] = False,
    as_json: AsJson = False,
) -> None:
    """List what a passport holds: name, unit, point of the annex, level, nature, and who may read it."""
    from kitaran.registry.passport.attributes import attributes, markdown_table

    rows = [
        {
            "attribute": one.name,
            "label": one.label,
            "type": one.type,
            "unit": one.unit,
            "annex_point": one.annex_point,
            "level": one.level,
            "nature": one.nature,
            "audiences": sorted(one.audiences),
        }
        for one in attributes().values()
    ]
    if as_json:
        print_json({"attributes": rows})
    elif markdown:
        print(markdown_table(), end="")
    else:
        shown = [(r["attribute"], r["label"], r["unit"], r["annex_point"], r["level"]) for r in rows]
        print_table("", ("Attribute", "What", "Unit", "Point", "Level"), shown)


def _facts(folder: Path | None, named: str, public: bool, token: str | None) -> dict[str, Any]:
    from kitaran.foundation.database import reading
    from kitaran.foundation.errors import NotFoundError
    from kitaran.registry.passport import repository, view

    with reading(_open(folder).engine) as connection:
        found = repository.named(connection, named)
        seen_by = _audiences(connection, found, named, public, token)
        if found is None or not view.is_seen(found, seen_by):
            raise NotFoundError("There is no such passport.", named, "Look at the code on the label.")
        return view.facts(connection, found, seen_by)


def _audiences(
    connection: Connection, found: Battery | None, named: str, public: bool, token: str | None
) -> frozenset[str]:
    """Who asks: everyone, the operator of a token, or whoever has the workspace in hand."""
    from dataclasses import replace

    from kitaran.foundation.clock import now
    from kitaran.foundation.errors import InputError
    from kitaran.registry.custody import keeping
    from kitaran.registry.parties import repository, tokens
    from kitaran.registry.passport import audiences

    if public or token is None:
        return audiences.NOBODY if public else frozenset(audiences.ALL)
    at = now()
    known = tokens.find(connection, token, at)
    caller = None if known is None else repository.operator(connection, known.operator, at)
    if known is None or caller is None or "read" not in known.scopes:
        raise InputError("No valid token to read.", "--token", "Make one: kitaran parties token")
    if known.roles is not None:
        caller = replace(caller, roles=caller.roles & known.roles)
    return keeping.audiences_of(connection, caller, found, named, at)


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return "; ".join(_shown(one) for one in value)
    if isinstance(value, dict):
        return ", ".join(f"{name} {one}" for name, one in value.items())
    return str(value)
