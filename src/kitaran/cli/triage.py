"""`kitaran triage`: what a used battery is fit for."""

from __future__ import annotations

import typer

from kitaran.cli.triage_build import batches
from kitaran.cli.triage_grade import grades
from kitaran.cli.triage_papers import papers
from kitaran.cli.triage_records import recorded
from kitaran.cli.triage_train import training

app = typer.Typer(help="What a used battery is fit for: safety, health, grade.", no_args_is_help=True)


@app.callback()
def triage() -> None:
    """What a used battery is fit for: safety, health, grade."""


for part in (grades, batches, papers, recorded, training):
    app.add_typer(part)
