"""`kitaran privacy`: what is kept of people, why and how long; export, erasure, what is due."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kitaran.cli.output import AsJson, WorkspaceOption, print_json, print_table

if TYPE_CHECKING:
    from kitaran.registry.parties.privacy.values import Kept

app = typer.Typer(help="Personal values: the register, export, erasure, what is due.", no_args_is_help=True)
Reason = Annotated[str, typer.Option(help="Why it goes, without naming anyone; it stands in the log.")]


@app.command(epilog="Example: kitaran privacy register")
def register(workspace: WorkspaceOption = None, as_json: AsJson = False) -> None:
    """What is kept of people: purpose, lawful basis, retention with a workspace's own days, audience."""
    from kitaran.registry.parties.privacy.register import as_rows

    rows = as_rows(_folder(workspace))
    if as_json:
        print_json({"values": rows})
        return
    names = ("value", "purpose", "basis", "retention_days", "counted_from", "law")
    print_table("", [name.replace("_", " ") for name in names], [[str(r[n]) for n in names] for r in rows])


@app.command(epilog="Example: kitaran privacy export technician-7 --json")
def export(
    person: Annotated[str, typer.Argument(help="Id of the person, or a name, address or number as kept.")],
    workspace: WorkspaceOption = None,
    as_json: AsJson = False,
) -> None:
    """Everything that is kept of a person, with its purpose, basis and end. Of a password, that it exists."""
    from kitaran.cli.parties import _open
    from kitaran.foundation.database import reading
    from kitaran.registry.parties.privacy import values

    with reading(_open(workspace).engine) as connection:
        found = values.of_person(connection, person, _folder(workspace))
    _tell([_row(one) for one in found], as_json, "Nothing is kept of this person.")


@app.command(epilog="Example: kitaran privacy due --erase")
def due(
    erase: Annotated[bool, typer.Option("--erase", help="Erase what is due, after listing it.")] = False,
    reason: Reason = "The retention is over.",
    workspace: WorkspaceOption = None,
    as_json: AsJson = False,
) -> None:
    """List values whose retention is over; with --erase, erase them."""
    from kitaran.cli.parties import _open
    from kitaran.foundation.clock import now
    from kitaran.foundation.database import reading
    from kitaran.registry.parties.privacy import values
    from kitaran.registry.parties.privacy.erasing import erase as erase_all

    registry = _open(workspace)
    with reading(registry.engine) as connection:
        found = [one for one in values.every(connection, _folder(workspace)) if one.due(now())]
    rows = [_row(one, shown=False) for one in found]
    if erase:
        erase_all(registry.hand, found, reason)
    _tell(rows, as_json, "Nothing is due.", erased=erase)


@app.command(epilog='Example: kitaran privacy erase technician-7 --reason "Asked for it."')
def erase(
    person: Annotated[str, typer.Argument(help="Id of the person, or a name, address or number as kept.")],
    reason: Reason = "The person asked for it.",
    workspace: WorkspaceOption = None,
    as_json: AsJson = False,
) -> None:
    """Erase what is kept of a person. Its proofs stay; older backups still hold the values."""
    from kitaran.cli.parties import _open
    from kitaran.foundation.database import reading
    from kitaran.registry.parties.privacy import values
    from kitaran.registry.parties.privacy.erasing import erase as erase_all

    registry = _open(workspace)
    with reading(registry.engine) as connection:
        found = values.of_person(connection, person, _folder(workspace))
    erase_all(registry.hand, found, reason)
    _tell([_row(one, shown=False) for one in found], as_json, "Nothing is kept of this person.", erased=True)


def _folder(workspace: Path | None) -> Path:
    from kitaran.foundation.workspace import DEFAULT

    return workspace or DEFAULT


def _row(one: Kept, shown: bool = True) -> dict[str, Any]:
    row = {"value": one.entry.value, "person": one.person, "kept_in": one.entry.kept_in}
    if shown:
        row |= {"content": one.value or "(kept, not shown)", "purpose": one.entry.purpose}
        row |= {"basis": one.entry.basis, "audience": one.entry.audience}
    return row | {"due_at": one.due_at or "while its reason lasts"}


def _tell(rows: list[dict[str, Any]], as_json: bool, nothing: str, erased: bool = False) -> None:
    if as_json:
        print_json({"values": rows, "erased": len(rows) if erased else 0})
    elif not rows:
        print(nothing)
    else:
        print_table("", [name.replace("_", " ") for name in rows[0]], [list(row.values()) for row in rows])
        if erased:
            print(f"Erased: {len(rows)}. Older backups still hold them: delete those in time.")
