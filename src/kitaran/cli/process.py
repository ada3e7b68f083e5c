"""`kitaran process`: what a recycling plant costs, earns, burns and recovers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kitaran.cli.output import AsJson, print_json, print_table

if TYPE_CHECKING:
    from kitaran.planning.processes import Changes, Evaluation

app = typer.Typer(help="What a recycling plant costs, earns, burns and recovers.", no_args_is_help=True)

PER_KG = (
    ("Cost of pre-processing and recovery", "cost_usd", "USD"),
    ("Revenue", "revenue_usd", "USD"),
    ("Transport", "transport_usd", "USD"),
    ("Disassembly", "disassembly_usd", "USD"),
    ("Left over after all cost", "margin_usd", "USD"),
    ("Energy", "energy_mj", "MJ"),
    ("Water", "water_gal", "gal"),
    ("Greenhouse gases", "ghg_g", "g CO2e"),
)
PLANT = (
    ("Throughput", "throughput_t", "t/year"),
    ("Total capital", "tci_usd", "USD"),
    ("Fixed capital", "fci_usd", "USD"),
    ("Variable cost", "variable_usd", "USD/year"),
    ("Fixed cost", "fixed_usd", "USD/year"),
    ("Capital charge", "annual_capital_charge_usd", "USD/year"),
    ("Labour", "labour_person_hours_per_day", "h/day"),
)


@app.callback()
def process() -> None:
    """What a recycling plant costs, earns, burns and recovers."""


@app.command(
    epilog="Example: kitaran process cost --route hydrometallurgical --chemistry NMC622 --feed eol_cell "
    "--throughput-t 10000 --location THA"
)
def cost(
    route: Annotated[str, typer.Option(help="pyrometallurgical, hydrometallurgical or direct.")],
    chemistry: Annotated[str, typer.Option(help="Cathode chemistry, for example NMC622.")],
    feed: Annotated[
        str,
        typer.Option(help="eol_cell, eol_module, eol_pack, rejected_cells, electrode_scrap or black_mass."),
    ],
    throughput_t: Annotated[float, typer.Option("--throughput-t", help="Tonnes of feed a year.")],
    location: Annotated[str, typer.Option(help="Economy code, for example THA; USA-CA is California.")],
    battery: Annotated[str, typer.Option(help="cell or pack: what comes out of the vehicle.")] = "cell",
    legacy: Annotated[
        bool, typer.Option("--legacy", help="The published model with its slips, in its four locations.")
    ] = False,
    prices: Annotated[str, typer.Option(help="Price set: 2022-23 or 2025-26.")] = "2022-23",
    overrides: Annotated[Path | None, typer.Option(help="JSON file with figures of your own.")] = None,
    as_json: AsJson = False,
) -> None:
    """Cost, revenue, energy, water, emissions and recovered mass per kg of feed."""
    from kitaran.planning import processes

    answer = processes.cost(
        route,
        chemistry,
        feed,
        throughput_t,
        location,
        battery=battery,
        legacy=legacy,
        changed=_read(overrides) if overrides else None,
        price_set=prices,
    )
    if as_json:
        print_json(processes.as_dict(answer))
    else:
        _show(answer, processes.as_dict(answer))


def _read(file: Path) -> Changes:
    """The overrides of a file, checked; InputError names file and path of each wrong key."""
    from kitaran.foundation.errors import InputError
    from kitaran.foundation.given_files import text_of
    from kitaran.planning.processes.case import changes
    from kitaran.planning.processes.figures import figures

    text = text_of(file, "Name a JSON file.")
    try:
        given = json.loads(text)
    except (ValueError, RecursionError) as error:  # ValueError also of a number too long to read
        raise InputError(
            f"The file is not JSON: {error}.", str(file), 'Write {"fee": 1.2} for example.'
        ) from error
    return changes(given, figures(), str(file))


def _show(answer: Evaluation, result: dict[str, Any]) -> None:
    stream = result["streams"][0]
    tonnes = f"{stream['throughput_t']:,.0f} t/year"
    print(f"{stream['chemistry']} {stream['feed']}, {tonnes}, {result['route']}, {answer.case.place.name}\n")
    print_table(
        "",
        ("per kg of feed", "value", "unit"),
        [(label, f"{result[key]:,.4g}", unit) for label, key, unit in PER_KG],
    )
    print_table(
        "\nRecovered",
        ("product", "kg per kg of feed"),
        [(name, f"{kilograms:.4f}") for name, kilograms in result["recovered_kg"].items()],
    )
    plants = {name: plant for name, plant in result["plants"].items() if plant}
    print_table(
        "\nPlants",
        ("", *plants, "unit"),
        [(label, *(f"{plant[key]:,.0f}" for plant in plants.values()), unit) for label, key, unit in PLANT],
    )
    print()
    for note in result["notes"]:
        print(note)
    print("Sources: " + "; ".join(source["title"] for source in result["sources"]))
