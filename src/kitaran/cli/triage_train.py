"""`kitaran triage train`: the health model, made again from the tests that it rests on."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kitaran.cli.output import AsJson, print_json, print_table, say

training = typer.Typer()


@training.command(epilog="Example: kitaran triage train pulse_tests.csv --out health_parameters.json")
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
