"""`kitaran data`: the facts behind every figure, what is odd about them, and your own in their place."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kitaran.cli import own_law
from kitaran.cli.output import AsJson, WorkspaceOption, print_json, print_table, say
from kitaran.foundation.errors import InputError

if TYPE_CHECKING:
    from kitaran.foundation.workspace import Workspace
    from kitaran.reference import FactTable, Row
    from kitaran.reference.own_data import Compared, Upload

app = typer.Typer(
    help="Look at the facts, check them, and bring your own.",
    no_args_is_help=True,
    epilog="Example: kitaran data show ev_sales --economy THA",
)


@app.command("list", epilog="Example: kitaran data list")
def list_tables(as_json: AsJson = False) -> None:
    """Show every table of facts: its name, title, number of rows and licence."""
    from kitaran import reference

    tables = [reference.read(name) for name in reference.names()]
    if as_json:
        print_json({"tables": [_summary(table) for table in tables]})
    else:
        rows = [[table.name, table.meta.title, len(table), table.meta.licence] for table in tables]
        print_table("Tables of facts", ["name", "title", "rows", "licence"], rows)


def _summary(table: FactTable) -> dict[str, Any]:
    about = table.meta
    return {
        "name": table.name,
        "title": about.title,
        "about": about.about,
        "kind": about.kind,
        "licence": about.licence,
        "keys": list(about.keys),
        "units": list(about.units),
        "rows": len(table),
    }


@app.command(epilog="Example: kitaran data show ev_sales --economy THA --source iea-gevo-2025")
def show(
    table: Annotated[str, typer.Argument(help="Name of a table; see `kitaran data list`.")],
    economy: Annotated[str | None, typer.Option(help="Only rows of this ISO 3166 alpha-3 code.")] = None,
    source: Annotated[str | None, typer.Option(help="Only rows of this source.")] = None,
    workspace: WorkspaceOption = None,
    as_json: AsJson = False,
) -> None:
    """Show the rows of a table, with your own in their place, and what is odd about them."""
    from kitaran import reference

    whole = reference.read(table, _overrides(workspace))
    rows = [row for row in whole if _wanted(row, economy, source)]
    if as_json:
        print_json({"table": _summary(whole), "rows": [_row_facts(row, whole) for row in rows]})
        return
    columns = [name for name in whole.meta.columns if any(row[name] not in ("", None) for row in rows)]
    print_table(
        f"{whole.meta.title} ({len(rows)} of {len(whole)} rows)",
        [*columns, "odd"],
        [[*(_shown(row[name]) for name in columns), " ".join(row.flags)] for row in rows],
    )


def _wanted(row: Row, economy: str | None, source: str | None) -> bool:
    places = {row.text(name) for name in ("economy", "region", "exporter") if name in row}
    return (economy is None or economy.upper() in places) and (source is None or source == row.source)


def _row_facts(row: Row, table: FactTable) -> dict[str, Any]:
    return {"id": row.id, **row, "flags": list(row.flags), "own": row.id in table.overridden}


def _shown(cell: object) -> str:
    if isinstance(cell, float):
        return f"{cell:,.0f}" if cell.is_integer() else f"{cell:.6g}"
    return "" if cell is None else str(cell)


@app.command(epilog="Example: kitaran data check ev_sales ev_stock --workspace ./kitaran-data")
def check(
    tables: Annotated[list[str] | None, typer.Argument(help="Tables to check; all if none is named.")] = None,
    workspace: WorkspaceOption = None,
    as_json: AsJson = False,
) -> None:
    """Find errors (exit 1) and figures that cannot well be right (flags, exit 0)."""
    from kitaran import reference

    overrides = _overrides(workspace)
    findings = [*reference.check(tables or None, overrides), *([] if tables else own_law.findings(overrides))]
    errors = sum(finding.level == "error" for finding in findings)
    if as_json:
        content = [finding.as_dict() for finding in findings]
        print_json({"errors": errors, "flags": len(findings) - errors, "findings": content})
    else:
        for finding in findings:
            print(f"{finding.level}: {finding.place}: {finding.cause} {finding.remedy}")
        print(f"{errors} errors, {len(findings) - errors} flags.")
    if errors:
        raise typer.Exit(1)


@app.command(epilog="Example: kitaran data diff ./kitaran-data/overrides")
def diff(
    overrides: Annotated[Path, typer.Argument(help="Folder with NAME.csv files of own rows.")],
    as_json: AsJson = False,
) -> None:
    """Show your own rows beside the packaged figures that they replace."""
    from kitaran import reference

    if not overrides.is_dir():
        raise InputError("There is no such folder.", str(overrides), "Name the folder `overrides`.")
    found = reference.diff(overrides)
    if as_json:
        print_json({"overrides": str(overrides), "differences": [item.as_dict() for item in found]})
        return
    print_table(
        f"Own rows in {overrides}",
        ["row", "own", "packaged", "difference", "unit"],
        [
            [item.own.id, *map(_shown, (item.as_dict()["own"], item.present, item.difference)), item.own.unit]
            for item in found
        ],
    )


@app.command(epilog="Example: kitaran data template own-figures.xlsx")
def template(
    out: Annotated[Path, typer.Argument(help="File to write.", metavar="OUT.xlsx")], as_json: AsJson = False
) -> None:
    """Write the workbook to fill in with your own figures; an existing file is never overwritten."""
    from kitaran.foundation.disk import write_whole
    from kitaran.reference import own_data

    if out.exists():
        raise InputError("This file exists already.", str(out), "Name another.")
    if not out.absolute().parent.is_dir():
        raise InputError("There is no such folder.", str(out.parent), "Make it first, or name another.")
    write_whole(out, own_data.template())
    if as_json:
        print_json({"file": str(out)})
    else:
        print(f"Wrote {out}. Fill it, then: kitaran data import {out}")


@app.command("import", epilog="Example: kitaran data import own-figures.xlsx --accept")
def import_workbook(
    file: Annotated[Path, typer.Argument(help="The filled workbook.", metavar="FILE.xlsx")],
    workspace: WorkspaceOption = None,
    accept: Annotated[bool, typer.Option("--accept", help="Use the figures from now on.")] = False,
    as_json: AsJson = False,
) -> None:
    """Read a filled workbook and show each figure beside the one in use; change nothing without --accept."""
    from kitaran import reference
    from kitaran.reference import own_data

    library = reference.library(_overrides(workspace))
    upload = own_data.read_upload(_content(file), file.name, library)
    compared = own_data.compare(upload, library)
    if accept:
        own_data.accept(_workspace(workspace).overrides, upload)
    if as_json:
        print_json(_import_facts(upload, compared, accept))
    else:
        _print_import(upload, compared, accept)


def _content(file: Path) -> bytes:
    from kitaran.reference import own_data

    try:
        size = file.stat().st_size
        if size > own_data.MAX_BYTES:
            raise InputError(
                f"The file has {size / 1e6:.1f} MB; the limit is {own_data.MAX_BYTES / 1e6:.0f} MB.",
                str(file),
                "Keep only the sheets of the template, or send the years in several files.",
            )
        with file.open("rb") as opened:
            return opened.read(own_data.MAX_BYTES + 1)
    except OSError as error:
        raise InputError(
            f"The file cannot be read: {error.strerror}.", str(file), "Check its name."
        ) from error


def _import_facts(upload: Upload, compared: tuple[Compared, ...], accepted: bool) -> dict[str, Any]:
    return {
        "id": upload.id,
        "source": dict(upload.source),
        "accepted": accepted,
        "unread_sheets": list(upload.unread),
        "rows": [item.as_dict() for item in compared],
    }


def _print_import(upload: Upload, compared: tuple[Compared, ...], accepted: bool) -> None:
    print_table(
        f"{upload.filename}: {upload.source['publisher']}, {upload.source['title']}",
        ["place", "figure", "own", "in use", "difference", "odd"],
        [
            [
                f"{item.own.sheet} row {item.own.line}",
                item.label,
                *map(_shown, (item.figure, item.present, item.difference)),
                " ".join(item.flags),
            ]
            for item in compared
        ],
    )
    for item in compared:
        if item.overlap:
            rows = ", ".join(row.id for row in item.overlap)
            say(f"{item.label}: these count the same vehicles otherwise and stay: {rows}")
    for name in upload.unread:
        say(f"The sheet {name!r} is not of the template and was not read.")
    if accepted:
        print(f"Accepted as {upload.id}. Take it out again: kitaran data remove {upload.id}")
    else:
        print("Nothing has changed. To use these figures, add --accept.")


@app.command(epilog="Example: kitaran data uploads --workspace ./kitaran-data")
def uploads(workspace: WorkspaceOption = None, as_json: AsJson = False) -> None:
    """Show the accepted workbooks: whose they are, since when, how many rows."""
    from kitaran.reference import own_data

    found = own_data.accepted(_workspace(workspace).overrides)
    if as_json:
        print_json({"uploads": [item.summary() for item in found]})
    else:
        rows = [
            [item.id, item.source["publisher"], item.filename, item.count, item.accepted_at] for item in found
        ]
        print_table("Own figures in use", ["id", "publisher", "file", "rows", "accepted"], rows)


@app.command(epilog="Example: kitaran data remove 4f0c2a9be1d7")
def remove(
    upload: Annotated[str, typer.Argument(help="Id of an accepted workbook; see `kitaran data uploads`.")],
    workspace: WorkspaceOption = None,
    as_json: AsJson = False,
) -> None:
    """Take an accepted workbook out again; the figures that it replaced come back."""
    from kitaran.reference import own_data

    gone = own_data.remove(_workspace(workspace).overrides, upload)
    if as_json:
        print_json({"removed": gone.summary()})
    else:
        print(f"Removed {gone.count} rows of {gone.source['publisher']} ({gone.filename}).")


def _overrides(workspace: Path | None) -> Path | None:
    """The overrides of the named workspace; packaged figures alone if none is named and none is here."""
    from kitaran.foundation import workspace as workspaces

    if workspace is None and not workspaces.DEFAULT.is_dir():
        return None
    return _workspace(workspace).overrides


def _workspace(named: Path | None) -> Workspace:
    from kitaran.foundation import workspace as workspaces

    return workspaces.Workspace.open(named or workspaces.DEFAULT)
