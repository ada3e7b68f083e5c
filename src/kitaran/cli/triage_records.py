"""`kitaran triage record | dispute | settle | history`: triage on the record."""

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
from kitaran.cli.triage_said import health

if TYPE_CHECKING:
    from kitaran.registry.parties.hand import Hand

recorded = typer.Typer()
BatteryArgument = Annotated[str, typer.Argument(help="Id of the battery, 32 hexadecimal digits.")]


@recorded.command(
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


@recorded.command(
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


@recorded.command(epilog="Example: kitaran triage settle 0123... 5d4c... withdrawn --operator beta-2")
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


@recorded.command(epilog="Example: kitaran triage history 0123... --json")
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
        told = records.of(connection, battery, caller, now(), _own_rows(workspace))
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
    return result["grade"], health(shares)


_SHARES = ("soh", "soh_low", "soh_high")


def _hand(
    workspace: Path | None, operator: str | None, key: Path | None, token: str | None
) -> tuple[Hand, Path]:
    """The hand of who acts, and the own rows of its workspace."""
    return hand_of(open_registry(workspace), operator, key, token), _own_rows(workspace)


def _own_rows(workspace: Path | None) -> Path:
    from kitaran.foundation import workspace as workspaces

    return workspaces.Workspace.make(workspace or workspaces.DEFAULT).overrides


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
