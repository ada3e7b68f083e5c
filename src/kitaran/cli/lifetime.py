"""`kitaran lifetime`: how a battery ages, and what life is left in it."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kitaran.cli.output import AsJson, print_json, print_table

if TYPE_CHECKING:
    from kitaran.planning.lifetime.equations import Array
    from kitaran.planning.lifetime.setting import Setting

app = typer.Typer(help="How a battery ages, and what life is left in it.", no_args_is_help=True)


@app.command(
    epilog="Example: kitaran lifetime simulate --model lfp_gr_250ah --profile year.csv --years 10 --json"
)
def simulate(
    model: Annotated[str, typer.Option(help="Ageing model, for example lfp_gr_250ah.")],
    profile: Annotated[Path, typer.Option(help="CSV with time_s, soc, temperature_c over whole days.")],
    years: Annotated[float, typer.Option(min=1 / 365, max=100, help="Years of 365 days.")],
    method: Annotated[str, typer.Option(help="closed_form or euler_daily.")] = "closed_form",
    cells_in_series: Annotated[
        int, typer.Option(min=1, max=2000, help="Cells in series in a pack, whose weakest ends a discharge.")
    ] = 1,
    as_json: AsJson = False,
) -> None:
    """Age a fresh cell through a profile that repeats.

    Prints state of health day by day, with resistance, power, certified energy, the pack of many cells and
    the warning of a knee; what the model cannot give is null, and the reason stands beside it.
    """
    from kitaran.planning.lifetime.catalogue import ageing_model
    from kitaran.planning.lifetime.profile import read_profile
    from kitaran.planning.lifetime.simulation import known_method, simulate_windows
    from kitaran.planning.lifetime.stressors import windows
    from kitaran.planning.lifetime.tested_range import outside_tested_range
    from kitaran.planning.lifetime.wellbeing import beyond_capacity

    chosen, way = ageing_model(model), known_method(method)
    given = read_profile(profile)
    cut = windows(given.time_s, given.soc, given.temperature_c)
    life = simulate_windows(chosen, cut, years, way)
    more = beyond_capacity(life, cells_in_series)
    result = {
        "model": chosen.id,
        "method": life.method,
        "t_days": [int(day) for day in life.t_days],
        "soh": _numbers(life.soh[0]),
        "resistance": _numbers(more.resistance),
        "outside_tested_range": outside_tested_range(chosen, cut).as_dict(),
        "suspect": chosen.suspect or None,
        "sources": list(chosen.papers),
        "resistance_basis": more.resistance_basis,
        "power": _numbers(more.power),
        "certified_energy": _numbers(more.certified_energy),
        "certified_energy_basis": more.certified_energy_basis,
        "pack": {"cells_in_series": cells_in_series, "soh": _numbers(more.pack_soh)},
        "knee": {"from_loss": more.knee_loss, "from_day": more.knee_day},
        "soh_of_new_at_start": chosen.soh_of_new_at_start,
    }
    if as_json:
        print_json(result)
    else:
        _show_life(result)


def _numbers(values: Array | None) -> list[float | None] | None:
    """Plain numbers; what is not finite is null, and so is what is not known at all."""
    return None if values is None else [float(value) if math.isfinite(value) else None for value in values]


def _show_life(result: dict[str, Any]) -> None:
    columns = {
        "state of health": result["soh"],
        "pack": result["pack"]["soh"],
        "resistance": result["resistance"],
    }
    shown = {name: values for name, values in columns.items() if values is not None and _worth(name, result)}
    rows = [
        (day // 365, *(_shown(values[day]) for values in shown.values())) for day in result["t_days"][::365]
    ]
    print_table(f"{result['model']}, {result['method']}", ("year", *shown), rows)
    outside = result["outside_tested_range"]
    reasons = "; ".join(f"{item['stressor']} {item['share']:.0%}" for item in outside["reasons"])
    print(f"Outside the tested range: {outside['share']:.0%} of the time. {reasons}".rstrip())
    if result["resistance"] is None:
        print(f"Resistance and power are not known: {result['resistance_basis']}.")
    if (day := result["knee"]["from_day"]) is not None:
        lost = f"{result['knee']['from_loss']:.0%}"
        print(
            f"From year {day / 365:.1f} on {lost} is lost: sudden loss may follow, which no model foresees."
        )
    if result["suspect"]:
        print(f"Caution: {result['suspect']}.")
    print("Sources: " + "; ".join(result["sources"]))


def _worth(column: str, result: dict[str, Any]) -> bool:
    """A pack of one cell is that cell."""
    return column != "pack" or result["pack"]["cells_in_series"] > 1


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
        "at_least": left.at_least,
        "efc_at_least": left.efc_at_least,
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


def _or_more(values: dict[str, float], at_least: dict[str, bool], digits: str) -> dict[str, str]:
    """Quantiles in words: those that are only known from below are said so."""
    return {name: f"{value:{digits}}{' or more' if at_least[name] else ''}" for name, value in values.items()}


def _show_remaining(result: dict[str, Any], threshold: float) -> None:
    years = _or_more(result["years"], result["at_least"], ".1f")
    efc = _or_more(result["throughput_efc"], result["efc_at_least"], ".0f")
    print(
        f"8 times in 10 between {years['p10']} and {years['p90']} years are left to {threshold:.0%}; "
        f"the middle is {years['p50']}."
    )
    print(f"That is {efc['p50']} full cycles ({efc['p10']} to {efc['p90']}).")
    outside = result["outside_tested_range"]["share"]
    print(f"Outside the tested range of the default model: {outside:.0%} of the time.")
    if result["beyond_45_years"] > 0:
        print(f"{result['beyond_45_years']:.0%} of the likely lives outlast an age of 45 years.")
    if not result["explained"]:
        print("Caution: no modelled life fits these measurements; the range is wider for it.")
    print(f"Grade {result['grade']}. Models: {', '.join(result['models'])}.")


@app.command(
    epilog="Example: kitaran lifetime second-life --chemistry LFP --climate Delhi --duty taxi "
    "--to-climate Thimphu --to-duty home_solar --hand-over-at 0.8 --json"
)
def second_life(
    climate: Annotated[str, typer.Option(help="City of first life, or economy code for its capital.")],
    duty: Annotated[str, typer.Option(help="Use in first life, for example taxi.")],
    to_duty: Annotated[str, typer.Option(help="Use in second life, for example home_solar.")],
    to_climate: Annotated[str, typer.Option(help="City of second life; that of the first without it.")] = "",
    chemistry: Annotated[
        str, typer.Option(help="LFP, NMC622, ...: its default model ages the cell.")
    ] = "LFP",
    model: Annotated[str, typer.Option(help="An ageing model by id, in place of a chemistry.")] = "",
    hand_over_at: Annotated[float, typer.Option(help="State of health at which first life ends.")] = 0.8,
    end_at: Annotated[float, typer.Option(help="State of health at which second life ends.")] = 0.6,
    as_json: AsJson = False,
) -> None:
    """Years and throughput of a second life, from the states in which the first one ends."""
    from kitaran.planning.lifetime.catalogue import ageing_model
    from kitaran.planning.lifetime.chemistry import ensemble
    from kitaran.planning.lifetime.second_life import two_lives
    from kitaran.planning.lifetime.setting import setting
    from kitaran.planning.lifetime.tested_range import outside_tested_range

    chosen = ageing_model(model) if model else ensemble(chemistry).default
    first, second = setting(climate, duty), setting(to_climate or climate, to_duty)
    both = two_lives(chosen, first.windows, second.windows, hand_over_at, end_at)
    result = {
        "model": chosen.id,
        "first": {
            "climate": _place(first),
            "duty": duty,
            "years": float(both.first_years[0]),
            "throughput_efc": float(both.first.efc[0, -1]),
            "outside_tested_range": outside_tested_range(chosen, first.windows).as_dict(),
        },
        "second": {
            "climate": _place(second),
            "duty": to_duty,
            "from_soh": float(both.second.soh[0, 0]),
            "to_soh": end_at,
            "years": _number(both.second_years[0]),
            "throughput_efc": float(both.second_efc[0]),
            "years_to_knee": _number(both.to_knee_years[0]),
            "throughput_efc_to_knee": float(both.to_knee_efc[0]),
            "soh": _numbers(both.second.soh[0, ::365]),
            "outside_tested_range": outside_tested_range(chosen, second.windows).as_dict(),
        },
        "horizon_years": both.horizon_years,
        "grade": max(first.grade, second.grade, chosen.grade),
        "suspect": chosen.suspect or None,
        "sources": list(chosen.papers),
    }
    if as_json:
        print_json(result)
    else:
        _show_second_life(result)


def _place(where: Setting) -> str:
    return f"{where.places[0].economy}/{where.places[0].place}"


def _number(value: float) -> float | None:
    """Null for what lies beyond the horizon."""
    return float(value) if math.isfinite(value) else None


def _show_second_life(result: dict[str, Any]) -> None:
    first, second = result["first"], result["second"]
    print(
        f"First life in {first['climate']}, {first['duty']}: {first['years']:.1f} years and "
        f"{first['throughput_efc']:.0f} full cycles down to {second['from_soh']:.0%}."
    )
    horizon = f"more than {result['horizon_years']}"
    years = horizon if second["years"] is None else f"{second['years']:.1f}"
    print(
        f"Second life in {second['climate']}, {second['duty']}: {years} years and "
        f"{second['throughput_efc']:.0f} full cycles down to {second['to_soh']:.0%}."
    )
    knee = horizon if second["years_to_knee"] is None else f"{second['years_to_knee']:.1f}"
    print(f"After {knee} years of it sudden loss may follow, which no model foresees.")
    for name, life in (("first", first), ("second", second)):
        print(
            f"Outside the tested range in {name} life: "
            f"{life['outside_tested_range']['share']:.0%} of the time."
        )
    if result["suspect"]:
        print(f"Caution: {result['suspect']}.")
    print(f"Grade {result['grade']}, model {result['model']}. Sources: " + "; ".join(result["sources"]))
