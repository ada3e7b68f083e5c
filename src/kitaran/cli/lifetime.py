"""`kitaran lifetime`: how a battery ages, and what life is left in it."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kitaran.cli.output import AsJson, print_json, print_table

if TYPE_CHECKING:
    from kitaran.planning.lifetime.equations import Array

app = typer.Typer(help="How a battery ages, and what life is left in it.", no_args_is_help=True)


@app.command(
    epilog="Example: kitaran lifetime simulate --model lfp_gr_250ah --profile year.csv --years 10 --json"
)
def simulate(
    model: Annotated[str, typer.Option(help="Ageing model, for example lfp_gr_250ah.")],
    profile: Annotated[Path, typer.Option(help="CSV with time_s, soc, temperature_c over whole days.")],
    years: Annotated[float, typer.Option(min=1 / 365, max=100, help="Years of 365 days.")],
    method: Annotated[str, typer.Option(help="closed_form or euler_daily.")] = "closed_form",
    as_json: AsJson = False,
) -> None:
    """Age a fresh cell through a profile that repeats."""
    from kitaran.planning.lifetime.catalogue import ageing_model
    from kitaran.planning.lifetime.profile import read_profile
    from kitaran.planning.lifetime.simulation import known_method, simulate_windows
    from kitaran.planning.lifetime.stressors import windows
    from kitaran.planning.lifetime.tested_range import outside_tested_range

    chosen, way = ageing_model(model), known_method(method)
    given = read_profile(profile)
    cut = windows(given.time_s, given.soc, given.temperature_c)
    life = simulate_windows(chosen, cut, years, way)
    result = {
        "model": chosen.id,
        "method": life.method,
        "t_days": [int(day) for day in life.t_days],
        "soh": _numbers(life.soh[0]),
        "resistance": None if life.resistance is None else _numbers(life.resistance[0]),
        "outside_tested_range": outside_tested_range(chosen, cut).as_dict(),
        "suspect": chosen.suspect or None,
        "sources": list(chosen.papers),
    }
    if as_json:
        print_json(result)
    else:
        _show_life(result)


def _numbers(values: Array) -> list[float | None]:
    """Plain numbers; what is not finite is null."""
    return [float(value) if math.isfinite(value) else None for value in values]


def _show_life(result: dict[str, Any]) -> None:
    yearly = [(year, _shown(soh)) for year, soh in enumerate(result["soh"][::365])]
    print_table(f"{result['model']}, {result['method']}", ("year", "state of health"), yearly)
    outside = result["outside_tested_range"]
    reasons = "; ".join(f"{item['stressor']} {item['share']:.0%}" for item in outside["reasons"])
    print(f"Outside the tested range: {outside['share']:.0%} of the time. {reasons}".rstrip())
    if result["suspect"]:
        print(f"Caution: {result['suspect']}.")
    print("Sources: " + "; ".join(result["sources"]))


def _shown(soh: float | None) -> str:
    return "not finite" if soh is None else f"{soh:.3f}"


@app.command(
    epilog="Example: kitaran lifetime remaining soh.csv --chemistry LFP --climate Bangkok "
    "--duty private_car --threshold 0.7 --json"
)
def remaining(
    file: Annotated[Path, typer.Argument(help="CSV with date, soh, soh_error.")],
    climate: Annotated[str, typer.Option(help="City, or economy code for its capital.")],
    duty: Annotated[str, typer.Option(help="Use from now on, for example private_car.")],
    chemistry: Annotated[str, typer.Option(help="LFP, NMC622, ... or unknown.")] = "unknown",
    threshold: Annotated[float, typer.Option(help="State of health at which the life ends.")] = 0.7,
    in_service: Annotated[str, typer.Option(help="Date of first use, if known: 2021-06-30.")] = "",
    as_json: AsJson = False,
) -> None:
    """Years and throughput left until a threshold, from measured states of health."""
    from kitaran.planning.lifetime.measurements import age_at, read_measurements
    from kitaran.planning.lifetime.remaining import courses, remaining_life
    from kitaran.planning.lifetime.setting import setting

    measured = read_measurements(file)
    age = age_at(measured, in_service)
    chosen = setting(climate, duty)
    lives = courses(None if chemistry == "unknown" else chemistry, chosen.windows)
    left = remaining_life(lives, measured.years, measured.soh, measured.soh_error, threshold, age)
    result = {
        "years": left.years,
        "throughput_efc": left.throughput_efc,
        "outside_tested_range": left.outside,
        "explained": left.explained,
        "beyond_45_years": left.beyond,
        "models": [life.model.id for life in lives],
        "grade": chosen.grade,
        "warming_k": chosen.warming_k,
    }
    if as_json:
        print_json(result)
    else:
        _show_remaining(result, threshold)


def _show_remaining(result: dict[str, Any], threshold: float) -> None:
    years, efc = result["years"], result["throughput_efc"]
    print(
        f"8 times in 10 between {years['p10']:.1f} and {years['p90']:.1f} years are left to {threshold:.0%}; "
        f"the middle is {years['p50']:.1f}."
    )
    print(f"That is {efc['p50']:.0f} full cycles ({efc['p10']:.0f} to {efc['p90']:.0f}).")
    outside = result["outside_tested_range"]["share"]
    print(f"Outside the tested range of the default model: {outside:.0%} of the time.")
    if result["beyond_45_years"] > 0:
        print(f"{result['beyond_45_years']:.0%} of the likely lives outlast an age of 45 years.")
    if not result["explained"]:
        print("Caution: no modelled life fits these measurements; the range is wider for it.")
    print(f"Grade {result['grade']}. Models: {', '.join(result['models'])}.")
