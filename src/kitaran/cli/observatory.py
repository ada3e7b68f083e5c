"""`kitaran observatory`: what is observed becomes the initial stock of a forecast, once it is accepted."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kitaran.cli.output import AsJson, WorkspaceOption, print_json, print_table, say

if TYPE_CHECKING:
    from kitaran.observatory import Proposal, Proposals

app = typer.Typer(help="Observed stock in place of the modelled one.", no_args_is_help=True)
ProposalId = Annotated[str, typer.Argument(help="Id of the proposal, as `list` shows it.")]


@app.callback()
def observatory() -> None:
    """Observed stock in place of the modelled one."""


@app.command(
    epilog="Example: kitaran observatory propose THA --register vehicles-2024.xlsx --observed 2024 --json"
)
def propose(
    economy: Annotated[str, typer.Argument(help="ISO 3166 alpha-3 code, for example THA.")],
    register: Annotated[
        Path | None,
        typer.Option(help="Vehicle register, XLSX or CSV; without it registered batteries alone."),
    ] = None,
    observed: Annotated[
        int | None,
        typer.Option(help="Year at whose end the vehicles were in use; else that of the youngest."),
    ] = None,
    title: Annotated[str, typer.Option(help="What the register is called in results.")] = "",
    publisher: Annotated[str, typer.Option(help="Who stands behind it.")] = "",
    licence: Annotated[str, typer.Option(help="Terms under which its counts may be used.")] = "",
    workspace: WorkspaceOption = None,
    as_json: AsJson = False,
) -> None:
    """Propose the initial stock of an economy and show what it does; nothing changes before `accept`."""
    from kitaran.observatory import read_register

    counted = None if register is None else read_register(_content(register), economy, observed)
    name = title or ("" if register is None else register.stem)
    made = _proposals(workspace).propose(economy, counted, observed, name, publisher, licence)
    if as_json:
        print_json(made.as_dict())
    else:
        _show(made)


@app.command("list", epilog="Example: kitaran observatory list --json")
def list_proposals(workspace: WorkspaceOption = None, as_json: AsJson = False) -> None:
    """Show every proposal and what was decided."""
    found = _proposals(workspace).all()
    if as_json:
        print_json({"proposals": [one.summary() for one in found]})
        return
    rows = [
        [one.id, one.economy, one.observed, one.title, one.vehicles, one.registered, one.state]
        for one in found
    ]
    heads = ["id", "economy", "in use at end of", "title", "vehicles", "registered batteries", "state"]
    print_table("", heads, rows)


@app.command(epilog="Example: kitaran observatory accept 3f2a9c1d7b60")
def accept(proposal: ProposalId, workspace: WorkspaceOption = None, as_json: AsJson = False) -> None:
    """Let the next runs start from a proposal."""
    _decided(_proposals(workspace).accept(proposal), "The next run starts from it.", as_json)


@app.command(epilog="Example: kitaran observatory reject 3f2a9c1d7b60")
def reject(proposal: ProposalId, workspace: WorkspaceOption = None, as_json: AsJson = False) -> None:
    """Decide that a proposal is not used."""
    _decided(_proposals(workspace).reject(proposal), "Nothing has changed.", as_json)


@app.command(epilog="Example: kitaran observatory undo 3f2a9c1d7b60")
def undo(proposal: ProposalId, workspace: WorkspaceOption = None, as_json: AsJson = False) -> None:
    """Take an accepted proposal out; the next run is that of before."""
    _decided(_proposals(workspace).undo(proposal), "The next run is that of before.", as_json)


@app.command(epilog="Example: kitaran observatory template --out vehicle-register.xlsx")
def template(
    out: Annotated[Path, typer.Option(help="Where to write the workbook.")] = Path("vehicle-register.xlsx"),
    as_json: AsJson = False,
) -> None:
    """Write an empty vehicle register to fill in."""
    from kitaran.foundation.disk import write_whole
    from kitaran.observatory import template as blank

    write_whole(out, blank())
    if as_json:
        print_json({"file": str(out)})
    else:
        say(f"Written to {out}.")


def _proposals(folder: Path | None) -> Proposals:
    from kitaran.foundation.settings import read_settings
    from kitaran.foundation.workspace import DEFAULT, Workspace
    from kitaran.observatory.opening import proposals_of
    from kitaran.registry.assembly import open_whole

    place = Workspace.make(folder or DEFAULT)
    settings = read_settings(place.settings_file)
    return proposals_of(place, lambda: open_whole(place, settings).engine)


def _content(file: Path) -> bytes:
    from kitaran.foundation.errors import NotFoundError

    try:
        return file.read_bytes()
    except OSError as error:
        raise NotFoundError("There is no such file.", str(file), "Name the file of the register.") from error


def _decided(made: Proposal, then: str, as_json: bool) -> None:
    if as_json:
        print_json(made.summary())
    else:
        print(f"{made.id}: {made.state}. {then}")


def _show(made: Proposal) -> None:
    print(f"{made.economy}: {made.vehicles:,} vehicles in use at the end of {made.observed} ({made.title}),")
    print(f"{made.registered:,} registered batteries.")
    print_table("What it does to the forecast", _HEADS, [_effect_row(row) for row in made.effect["headline"]])
    stock = [
        [row["vehicle_class"], row["cohort"], round(row["modelled"]), round(row["in_use"])]
        for row in made.effect["stock"]
    ]
    heads = ["class", "first registered", "modelled", "counted, or as modelled"]
    print_table(f"In use at the end of {made.observed}", heads, stock)
    print(f"Nothing has changed. To use it: kitaran observatory accept {made.id}")


_HEADS = ["quantity", "year", "now", "now: 8 in 10 between", "with it", "with it: 8 in 10 between"]


def _effect_row(row: dict[str, Any]) -> list[object]:
    told: list[object] = [f"{row['quantity']} [{row['unit']}]", row["year"]]
    for band in (row["before"], row["after"]):
        told += [f"{band['p50']:,.4g}", f"{band['p10']:,.4g} to {band['p90']:,.4g}"]
    return told
