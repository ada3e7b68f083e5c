"""`kitaran triage sheet | template`: the protocol to print, and the file into which it is keyed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kitaran.cli.output import AsJson, WorkspaceOption, print_json, say
from kitaran.cli.triage_said import overrides_of

papers = typer.Typer()


@papers.command(epilog="Example: kitaran triage sheet --out sheet.pdf --battery B-17 --battery B-18")
def sheet(
    out: Annotated[Path, typer.Option(help="Where to write the PDF.")] = Path("triage-sheet.pdf"),
    battery: Annotated[
        list[str] | None, typer.Option(help="Name to print on a sheet, once for each battery.")
    ] = None,
    copies: Annotated[int, typer.Option(min=1, max=500, help="Sheets without a name.")] = 1,
    workspace: WorkspaceOption = None,
    as_json: AsJson = False,
) -> None:
    """Print the protocol of a triage, one page for each battery, to fill by hand."""
    from kitaran.foundation.clock import now
    from kitaran.foundation.disk import write_whole
    from kitaran.registry.triage.limits import limits_of
    from kitaran.registry.triage.sheet import sheet as sheets

    names = battery or [""] * copies
    write_whole(out, sheets(names, now().date(), limits_of(overrides_of(workspace))))
    _written(out, len(names), "sheets", as_json)


@papers.command(epilog="Example: kitaran triage template --out tests.xlsx")
def template(
    out: Annotated[Path, typer.Option(help="Where to write the file; .csv or .xlsx.")] = Path("tests.xlsx"),
    as_json: AsJson = False,
) -> None:
    """Write an empty file of tests, one battery a line, that `grade` reads back."""
    from kitaran.foundation.disk import write_whole
    from kitaran.foundation.errors import InputError
    from kitaran.registry.triage.intake import blank_csv, blank_workbook

    forms = {".csv": blank_csv, ".xlsx": blank_workbook}
    if out.suffix.lower() not in forms:
        raise InputError(f"{out.name} is neither .csv nor .xlsx.", "--out", "Name it tests.xlsx.")
    write_whole(out, forms[out.suffix.lower()]())
    _written(out, 0, "batteries", as_json)


def _written(out: Path, count: int, what: str, as_json: bool) -> None:
    if as_json:
        print_json({"file": str(out), what: count})
    else:
        say(f"Written to {out}.")
