"""`kitaran triage build`: which batteries of a batch stand together in which storage system."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from kitaran.cli.output import AsJson, WorkspaceOption, print_json, print_table, say
from kitaran.cli.triage_said import DayOption, EconomyOption, overrides_of, usd

batches = typer.Typer()


@batches.command(epilog="Example: kitaran triage build tests.csv --target-kwh 10 --economy THA --json")
def build(
    file: Annotated[Path, typer.Argument(help="CSV or XLSX of tests, as for grade.")],
    target_kwh: Annotated[float, typer.Option(help="Least usable energy of a system, in kWh.")],
    volts: Annotated[
        float | None, typer.Option(help="Nominal voltage of a string; that of triage_limits if left out.")
    ] = None,
    soh_spread: Annotated[
        float | None, typer.Option(help="Most that health may differ in a system, for example 0.05.")
    ] = None,
    economy: EconomyOption = "",
    as_of: DayOption = "",
    out: Annotated[
        Path | None, typer.Option(help="Write the plan too, one battery a line; .xlsx or .csv.")
    ] = None,
    workspace: WorkspaceOption = None,
    as_json: AsJson = False,
) -> None:
    """Build a batch into storage systems: the most that can be, of batteries that fit together."""
    from kitaran.foundation.disk import write_whole
    from kitaran.registry import triage as nouns
    from kitaran.registry.triage.building import build as built
    from kitaran.registry.triage.plan_files import plan_file
    from kitaran.registry.triage.plan_words import as_dict
    from kitaran.registry.triage.routes import route

    graded = nouns.grade(nouns.read_pulse_tests(file), overrides=overrides_of(workspace))
    told = as_dict(graded, built(graded, route(graded, economy, as_of), target_kwh, volts, soh_spread))
    if out is not None:
        write_whole(out, plan_file(told, out.name))
    if as_json:
        print_json(told)
        return
    _show_plan(told)
    if out is not None:
        say(f"Written to {out}.")


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
                usd(each),
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
