"""`kitaran value`: what a used battery, a used vehicle or black mass is worth."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from kitaran.cli.output import AsJson, WorkspaceOption, print_json, print_table

if TYPE_CHECKING:
    from pathlib import Path

app = typer.Typer(help="What a used battery, vehicle or black mass is worth.", no_args_is_help=True)

Chemistry = Annotated[str, typer.Option(help="Chemistry, for example NMC622 or LFP.")]
Energy = Annotated[float, typer.Option("--kwh", help="Rated energy when new [kWh].")]
Where = Annotated[str, typer.Option("--economy", help="Economy code, for example THA.")]
Health = Annotated[
    float | None, typer.Option("--soh", help="State of health, 0.8 for 80 %; left out: not tested.")
]
Lowest = Annotated[float | None, typer.Option("--soh-low", help="Its low end (P5).")]
Highest = Annotated[float | None, typer.Option("--soh-high", help="Its high end (P95).")]
Age = Annotated[float | None, typer.Option(help="Years since it was new.")]
Condition = Annotated[str, typer.Option(help="sound, unknown or damaged.")]
NextUse = Annotated[
    str, typer.Option("--application", help="Next use, an id of the table value_applications.")
]
Day = Annotated[str, typer.Option("--as-of", help="Prices of that day: 2026, 2026-05 or 2026-05-27.")]
Own = Annotated[
    list[str] | None,
    typer.Option("--own", help="A figure of your own as NAME=NUMBER, for example new_pack_usd_per_kwh=120."),
]


@app.callback()
def value() -> None:
    """What a used battery, vehicle or black mass is worth."""


@app.command(
    epilog="Example: kitaran value battery --chemistry NMC622 --kwh 60 --soh 0.8 --age 8 --economy THA"
)
def battery(
    chemistry: Chemistry,
    kwh: Energy,
    economy: Where,
    form: Annotated[str, typer.Option(help="pack, module or cells.")] = "pack",
    soh: Health = None,
    soh_low: Lowest = None,
    soh_high: Highest = None,
    age: Age = None,
    condition: Condition = "sound",
    application: NextUse = "home_solar",
    as_of: Day = "",
    own: Own = None,
    workspace: WorkspaceOption = None,
    as_json: AsJson = False,
) -> None:
    """The value of a pack, of modules or of cells."""
    asked: dict[str, Any] = {"form": form, "soh": soh, "soh_low": soh_low, "soh_high": soh_high, "age": age}
    asked |= {"condition": condition, "application": application}
    _answer(chemistry, kwh, economy, as_of, own, workspace, as_json, **asked)


@app.command(
    epilog="Example: kitaran value vehicle --chemistry LFP --kwh 3 --vehicle-class two_wheeler --economy VNM"
)
def vehicle(
    chemistry: Chemistry,
    kwh: Energy,
    economy: Where,
    vehicle_class: Annotated[str, typer.Option(help="Class, for example car or two_wheeler.")] = "car",
    soh: Health = None,
    soh_low: Lowest = None,
    soh_high: Highest = None,
    age: Age = None,
    condition: Condition = "sound",
    application: NextUse = "home_solar",
    as_of: Day = "",
    own: Own = None,
    workspace: WorkspaceOption = None,
    as_json: AsJson = False,
) -> None:
    """The value of a whole vehicle, to drive on or to take apart."""
    asked: dict[str, Any] = {"soh": soh, "soh_low": soh_low, "soh_high": soh_high, "age": age}
    asked |= {"condition": condition, "application": application, "vehicle_class": vehicle_class}
    _answer(chemistry, kwh, economy, as_of, own, workspace, as_json, form="vehicle", **asked)


@app.command(
    "black-mass", epilog="Example: kitaran value black-mass --chemistry NMC622 --kg 1000 --economy KOR"
)
def black_mass(
    chemistry: Chemistry,
    kg: Annotated[float, typer.Option("--kg", help="Mass of the lot [kg].")],
    economy: Where,
    as_of: Day = "",
    own: Own = None,
    workspace: WorkspaceOption = None,
    as_json: AsJson = False,
) -> None:
    """The value of a lot of black mass."""
    _answer(chemistry, 0.0, economy, as_of, own, workspace, as_json, form="black_mass", mass_kg=kg)


def _answer(
    chemistry: str,
    kwh: float,
    economy: str,
    as_of: str,
    own: list[str] | None,
    workspace: Path | None,
    as_json: bool,
    **asked: Any,
) -> None:
    from kitaran.foundation.workspace import Workspace
    from kitaran.planning.market import valuation

    overrides = Workspace.open(workspace).overrides if workspace else None
    given = _own(own or [])
    worth = valuation.value(chemistry, kwh, economy, own=given, as_of=as_of, overrides=overrides, **asked)
    told = valuation.as_dict(worth)
    if as_json:
        print_json(told)
    else:
        _show(told)


def _own(entries: list[str]) -> dict[str, float]:
    """Own figures by name; InputError for what is no NAME=NUMBER."""
    from kitaran.foundation.errors import InputError

    found = {}
    for entry in entries:
        name, _equals, number = entry.partition("=")
        try:
            found[name.strip()] = float(number)
        except ValueError as error:
            raise InputError(
                f"{entry!r} is no figure.", "--own", "Write NAME=NUMBER, as distance_km=250."
            ) from error
    return found


def _show(told: dict[str, Any]) -> None:
    local = told["local"]
    code, factor = ("USD", 1.0) if local is None else (local["currency"], local["per_usd"])

    def money(usd: float) -> str:
        both = "" if code == "USD" else f" ({usd:,.0f} USD)"
        return f"{usd * factor:,.0f} {code}{both}"

    print(f"Worth {money(told['value_usd'])} by {told['route']}, driven by {told['driver']}.")
    print(f"8 times in 10 between {money(told['p10_usd'])} and {money(told['p90_usd'])}.")
    print(f"Its weakest figure has grade {told['grade']}.")
    if told["test_cost_usd"]:
        print(
            f"A test would be worth {money(told['test_gain_usd'])} and cost {money(told['test_cost_usd'])}."
        )
    print_table("\nHow it is made", ("term", "USD"), [(k, f"{v:,.2f}") for k, v in told["terms_usd"].items()])
    print_table("\nWays to sell", ("way", "USD"), [(k, f"{v:,.2f}") for k, v in told["routes_usd"].items()])
    print_table(
        "\nWhat moves it most, one input at a time",
        ("input", "from", "to", "USD then", "USD to"),
        [
            (
                each["name"],
                f"{each['low']:.3g}",
                f"{each['high']:.3g}",
                f"{each['at_low_usd']:,.0f}",
                f"{each['at_high_usd']:,.0f}",
            )
            for each in told["swings"]
        ],
    )
    if told["reasons"]:
        print("\nTo know: " + ", ".join(told["reasons"]).replace("_", " ") + ".")
    print("Sources: " + "; ".join(source["title"] for source in told["sources"]))
