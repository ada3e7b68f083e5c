"""`kitaran triage grade`: safety, health, grade, way and value of used batteries."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from kitaran.cli.output import AsJson, WorkspaceOption, print_json, print_table
from kitaran.cli.triage_said import DayOption, EconomyOption, health, overrides_of, usd

grades = typer.Typer()


@grades.command(epilog="Example: kitaran triage grade tests.csv --economy THA --json")
def grade(
    file: Annotated[
        Path, typer.Argument(help="CSV or XLSX of tests: q_nominal_ah, U1 to U21 and what was seen.")
    ],
    economy: EconomyOption = "",
    as_of: DayOption = "",
    account: Annotated[
        bool, typer.Option("--account", help="With --json: all that is known, also of the way that is best.")
    ] = False,
    workspace: WorkspaceOption = None,
    as_json: AsJson = False,
) -> None:
    """Grade used batteries: safety before health, and health on its lower bound."""
    from kitaran.registry import triage as nouns
    from kitaran.registry.triage.answers import answers, in_short
    from kitaran.registry.triage.routes import route

    graded = nouns.grade(nouns.read_pulse_tests(file), overrides=overrides_of(workspace))
    rows = answers(graded, route(graded, economy, as_of))
    if as_json:
        print_json(rows if account else [in_short(row) for row in rows])
    else:
        _show(rows)


def _show(rows: list[dict[str, Any]]) -> None:
    print_table(
        "",
        ("battery", "safety", "health", "grade", "route", "USD", "why"),
        [
            (row["id"], row["safety"], health(row), row["grade"], row["route"], usd(row), row["reasons"][0])
            for row in rows
        ],
    )
