"""`kitaran triage`: what a used battery is fit for."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kitaran.cli.custody_hand import (
    KeyOption,
    OperatorOption,
    SeenByOption,
    TokenOption,
    caller_of,
    hand_of,
    open_registry,
)
from kitaran.cli.output import AsJson, WorkspaceOption, print_json, print_table, say

if TYPE_CHECKING:
    from kitaran.registry.parties.hand import Hand

app = typer.Typer(help="What a used battery is fit for: safety, health, grade.", no_args_is_help=True)
BatteryArgument = Annotated[str, typer.Argument(help="Id of the battery, 32 hexadecimal digits.")]


@app.callback()
def triage() -> None:
    """What a used battery is fit for: safety, health, grade."""


@app.command(epilog="Example: kitaran triage grade tests.csv --economy THA --json")
def grade(
    file: Annotated[
        Path, typer.Argument(help="CSV or XLSX of tests: q_nominal_ah, U1 to U21 and what was seen.")
    ],
    economy: Annotated[
        str, typer.Option(help="Where the batteries stand, for example THA; without it nothing is valued.")
    ] = "",
    as_of: Annotated[str, typer.Option(help="Day of the prices, YYYY-MM-DD; the newest if left out.")] = "",
    workspace: WorkspaceOption = None,
    as_json: AsJson = False,
) -> None:
    """Grade used batteries: safety before health, and health on its lower bound."""
    from kitaran.registry import triage as nouns
    from kitaran.registry.triage.answers import answers
    from kitaran.registry.triage.routes import route

    graded = nouns.grade(nouns.read_pulse_tests(file), overrides=_overrides(workspace))
    rows = answers(graded, route(graded, economy, as_of))
    if as_json:
        print_json(rows)
    else:
        _show(rows)


def _overrides(workspace: Path | None) -> Path | None:
    """The own rows of the named workspace; packaged limits alone if none is named."""
    from kitaran.foundation.workspace import Workspace

    return Workspace.open(workspace).overrides if workspace else None


def _show(rows: list[dict[str, Any]]) -> None:
    print_table(
        "",
        ("battery", "safety", "health", "grade", "route", "USD", "why"),
        [
            (row["id"], row["safety"], _health(row), row["grade"], row["route"], _usd(row), row["reasons"][0])
            for row in rows
        ],
    )


def _usd(row: dict[str, Any]) -> str:
    return "" if row["value_usd"] is None else f"{row['value_usd']:,.2f}"


def _health(row: dict[str, Any]) -> str:
    if row["soh"] is None:
        return "not known"
    return f"{row['soh']:.0%} ({row['soh_low']:.0%} to {row['soh_high']:.0%})"


@app.command(epilog="Example: kitaran triage build tests.csv --target-kwh 10 --economy THA --json")
def build(
    file: Annotated[Path, typer.Argument(help="CSV or XLSX of tests, as for grade.")],
    target_kwh: Annotated[float, typer.Option(help="Least usable energy of a system, in kWh.")],
    volts: Annotated[
        float | None, typer.Option(help="Nominal voltage of a string; that of triage_limits if left out.")
    ] = None,
    soh_spread: Annotated[
        float | None, typer.Option(help="Most that health may differ in a system, for example 0.05.")
    ] = None,
    economy: Annotated[
        str, typer.Option(help="Where the batteries stand; without it nothing is valued.")
    ] = "",
    as_of: Annotated[str, typer.Option(help="Day of the prices, YYYY-MM-DD; the newest if left out.")] = "",
    workspace: WorkspaceOption = None,
    as_json: AsJson = False,
) -> None:
    """Build a batch into storage systems: the most that can be, of batteries that fit together."""
    from kitaran.registry import triage as nouns
    from kitaran.registry.triage.building import build as built
    from kitaran.registry.triage.plan_words import as_dict
    from kitaran.registry.triage.routes import route

    graded = nouns.grade(nouns.read_pulse_tests(file), overrides=_overrides(workspace))
    told = as_dict(graded, built(graded, route(graded, economy, as_of), target_kwh, volts, soh_spread))
    if as_json:
        print_json(told)
        return
    _show_plan(told)


def _show_plan(told: dict[str, Any]) -> None:
    print_table(
        "",
        ("system", "batteries", "strings", "V", "usable kWh", "weakest", "USD", "singly USD", "names"),
        [
            (
                each["system"],
                f"{each['count']} x {each['chemistry']} {each['nominal_ah']:g} Ah",
                len(each["strings"]),
                f"{each['volts']:g}",
                f"{each['usable_kwh']:.2f}",
                f"{each['soh_low']:.0%}",
                _usd(each),
                "" if each["singly_usd"] is None else f"{each['singly_usd']:,.2f}",
                ", ".join(each["batteries"]),
            )
            for each in told["systems"]
        ],
    )
    left: dict[str, list[str]] = {}
    for each in told["left_over"]:
        left.setdefault(each["reason"], []).append(each["id"])
    print_table(
        "",
        ("left over", "why", "names"),
        [(len(names), reason, _first(names)) for reason, names in left.items()],
    )
    count = len(told["systems"])
    say(f"{count} systems, {told['usable_kwh']:.1f} kWh usable. No other grouping gives more of them.")


def _first(names: list[str], most: int = 8) -> str:
    more = len(names) - most
    return ", ".join(names[:most]) + (f" and {more} more" if more > 0 else "")


@app.command(epilog="Example: kitaran triage train pulse_tests.csv --out health_parameters.json")
def train(
    file: Annotated[
        Path, typer.Argument(help="CSV of pulse tests with soh and physical_cell: what was measured.")
    ],
    out: Annotated[Path, typer.Option(help="Where to write the parameters and their record.")],
    as_json: AsJson = False,
) -> None:
    """Fit the health model to cells whose capacity was measured, and judge it on cells left out."""
    from kitaran.foundation.disk import write_whole
    from kitaran.registry.triage.fitted_health import to_json
    from kitaran.registry.triage.training import read_labelled, train

    labelled, source = read_labelled(file)
    model = train(labelled, source)
    write_whole(out, to_json(model).encode())
    if as_json:
        print_json(dict(model.record))
        return
    for way, told in model.record["all"].items():  # type: ignore[attr-defined]
        print_table("", (f"by {way.replace('_', '-')}", "on cells left out"), [*told.items()])
    say(f"Written to {out}.")


@app.command(epilog="Example: kitaran triage sheet --out sheet.pdf --battery B-17 --battery B-18")
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
    write_whole(out, sheets(names, now().date(), limits_of(_overrides(workspace))))
    _written(out, len(names), "sheets", as_json)


@app.command(epilog="Example: kitaran triage template --out tests.xlsx")
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


@app.command(
    epilog="Example: kitaran triage record 0123... test.csv --instrument 'Bench 4' --operator delta-1"
)
def record(
    battery: BatteryArgument,
    file: Annotated[Path, typer.Argument(help="CSV or XLSX with the test of this battery, as for grade.")],
    instrument: Annotated[str, typer.Option(help="What measured it.")],
    row: Annotated[str, typer.Option(help="Its id in the file, if the file holds several.")] = "",
    facility: Annotated[str | None, typer.Option(help="Id of the facility where it was tested.")] = None,
    technician: Annotated[
        str | None, typer.Option(help="Id of the technician, certified for diagnosis.")
    ] = None,
    supersedes: Annotated[str | None, typer.Option(help="Id of the result whose place it takes.")] = None,
    operator: OperatorOption = None,
    key: KeyOption = None,
    token: TokenOption = None,
    workspace: WorkspaceOption = None,
    as_json: AsJson = False,
) -> None:
    """Grade a battery and record the result: signed, with its measurements sealed beside it."""
    from kitaran.registry.triage import recording

    cells = _cells(file, row)
    hand, overrides = _hand(workspace, operator, key, token)
    told = recording.record(hand, battery, cells, instrument, facility, technician, supersedes, overrides)
    if as_json:
        print_json(told)
    else:
        say(f"{told['result']['grade']}: recorded as result {told['receipt']['id']}.")


@app.command(
    epilog="Example: kitaran triage dispute 0123... 9f8e... --reason 'It holds 70 Ah.' --operator beta-2"
)
def dispute(
    battery: BatteryArgument,
    result: Annotated[str, typer.Argument(help="Id of the result.")],
    reason: Annotated[str, typer.Option(help="Why you doubt it.")],
    operator: OperatorOption = None,
    key: KeyOption = None,
    token: TokenOption = None,
    workspace: WorkspaceOption = None,
    as_json: AsJson = False,
) -> None:
    """Doubt a recorded result: as holder, owner, issuer, or receiver of an offer."""
    from kitaran.registry.triage import recording

    said = recording.dispute(_hand(workspace, operator, key, token)[0], battery, result, reason)
    if as_json:
        print_json(said)
    else:
        say(f"Recorded as dispute {said['id']}.")


@app.command(epilog="Example: kitaran triage settle 0123... 5d4c... withdrawn --operator beta-2")
def settle(
    battery: BatteryArgument,
    doubt: Annotated[str, typer.Argument(metavar="DISPUTE", help="Id of the dispute.")],
    outcome: Annotated[
        str, typer.Argument(help="withdrawn by who raised it; upheld or rejected by an authority.")
    ],
    reason: Annotated[str | None, typer.Option(help="Why.")] = None,
    operator: OperatorOption = None,
    key: KeyOption = None,
    token: TokenOption = None,
    workspace: WorkspaceOption = None,
    as_json: AsJson = False,
) -> None:
    """End a dispute; a result whose dispute is upheld counts no more."""
    from kitaran.registry.triage import recording

    said = recording.settle(_hand(workspace, operator, key, token)[0], battery, doubt, outcome, reason)
    if as_json:
        print_json(said)
    else:
        say(f"{outcome.capitalize()}: recorded as event {said['seq']}.")


@app.command(epilog="Example: kitaran triage history 0123... --json")
def history(
    battery: BatteryArgument,
    operator: SeenByOption = None,
    token: TokenOption = None,
    workspace: WorkspaceOption = None,
    as_json: AsJson = False,
) -> None:
    """Tell the recorded results of a battery, the oldest first."""
    from kitaran.foundation.clock import now
    from kitaran.foundation.database import reading
    from kitaran.registry.triage import records

    registry = open_registry(workspace)
    caller = caller_of(registry, operator, token)
    with reading(registry.engine) as connection:
        told = records.of(connection, battery, caller, now())
    if as_json:
        print_json(told)
        return
    print_table(
        battery,
        ("result", "at", "by", "state", "grade", "health", "instrument"),
        [
            (one["result"], one["at"], one["by"], one["state"], *_told(one["told"]), one["instrument"])
            for one in told["results"]
        ],
    )


def _told(result: dict[str, Any] | None) -> tuple[str, str]:
    """Grade and health of a recorded result; empty once erased."""
    if result is None:
        return "", ""
    shares = {name: None if (text := result[name]) is None else float(text) for name in _SHARES}
    return result["grade"], _health(shares)


_SHARES = ("soh", "soh_low", "soh_high")


def _hand(
    workspace: Path | None, operator: str | None, key: Path | None, token: str | None
) -> tuple[Hand, Path]:
    """The hand of who acts, and the own rows of its workspace."""
    from kitaran.foundation import workspace as workspaces

    place = workspaces.Workspace.make(workspace or workspaces.DEFAULT)
    return hand_of(open_registry(workspace), operator, key, token), place.overrides


def _cells(file: Path, name: str) -> dict[str, str]:
    """The texts of one battery of a file of tests. Raises InputError if it is not told which."""
    from kitaran.foundation.errors import InputError
    from kitaran.registry.triage.columns import COLUMNS
    from kitaran.registry.triage.intake import read_rows

    rows = [row for row in read_rows(file) if name in ("", row.get("id") or row.get("ID"))]
    if len(rows) != 1:
        cause = f"{len(rows)} batteries of the file are meant; one is recorded at a time."
        raise InputError(cause, file.name, "Name it with --row ID.")
    return {column.name: rows[0].get(column.name, "") for column in COLUMNS}


def _written(out: Path, count: int, what: str, as_json: bool) -> None:
    if as_json:
        print_json({"file": str(out), what: count})
    else:
        say(f"Written to {out}.")
