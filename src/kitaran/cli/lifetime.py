"""`kitaran lifetime`: how a battery ages, and what life is left in it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import orjson
import typer
from rich.console import Console
from rich.table import Table

from kitaran.foundation.errors import KitaranError

app = typer.Typer(help="How a battery ages, and what life is left in it.", no_args_is_help=True)
_out = Console()
_err = Console(stderr=True)


@app.command()
def simulate(
    model: Annotated[str, typer.Option(help="Ageing model, for example lfp_gr_250ah.")],
    profile: Annotated[Path, typer.Option(help="CSV with time_s, soc, temperature_c; whole days.")],
    years: Annotated[float, typer.Option(min=1 / 365, max=100, help="Years of 365 days.")],
    method: Annotated[str, typer.Option(help="closed_form or euler_daily.")] = "closed_form",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Age a fresh cell through a profile that repeats.

    Example: kitaran lifetime simulate --model lfp_gr_250ah --profile year.csv --years 10 --json
    """
    from kitaran.planning.lifetime import simulation, stressors
    from kitaran.planning.lifetime.catalogue import ageing_model
    from kitaran.planning.lifetime.profile import read_profile
    from kitaran.planning.lifetime.tested_range import outside_tested_range

    with _faults_told():
        chosen = ageing_model(model)
        given = read_profile(profile)
        windows = stressors.windows(given.time_s, given.soc, given.temperature_c)
        life = simulation.simulate_windows(chosen, windows, years, method)  # type: ignore[arg-type]
        outside = outside_tested_range(chosen, windows).as_dict()
    resistance = None if life.resistance is None else life.resistance[0]
    result = {
        "model": chosen.id,
        "method": life.method,
        "t_days": life.t_days.astype(int),
        "soh": life.soh[0],
        "resistance": resistance,
        "outside_tested_range": outside,
        "sources": list(chosen.papers),
    }
    if as_json:
        _print_json(result)
    else:
        _print_life(result, chosen.suspect)


def _print_life(result: dict[str, Any], suspect: str) -> None:
    table = Table("Year", "State of health", title=f"{result['model']}, {result['method']}")
    for year, soh in enumerate(result["soh"][::365]):
        table.add_row(str(year), f"{soh:.3f}")
    _out.print(table)
    outside = result["outside_tested_range"]
    reasons = ", ".join(f"{item['stressor']} {item['share']:.0%}" for item in outside["reasons"])
    _out.print(f"Outside the tested range: {outside['share']:.0%} of the time" + (f" ({reasons})." if reasons else "."))
    if suspect:
        _out.print(f"Caution: {suspect}.")
    _out.print("Sources: " + "; ".join(result["sources"]))


def _print_json(result: dict[str, Any]) -> None:
    """One JSON object; what is not a number is null."""
    typer.echo(orjson.dumps(result, option=orjson.OPT_SERIALIZE_NUMPY).decode())


class _faults_told:
    """Turns a KitaranError into its lines on standard error and its exit code."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, KitaranError):
            for fault in error.faults:
                _err.print(str(fault), markup=False, highlight=False, soft_wrap=True)
            raise typer.Exit(error.exit_code) from error
