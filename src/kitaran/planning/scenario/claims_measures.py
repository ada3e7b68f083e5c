"""Ours beside published claims: one pure function a figure, over the region's flows or the plant models.

Each takes what a run gives and the row of the claim, and returns an answer with its band and its words, or
says why there is none. A share of sums is taken sample by sample.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kitaran.planning.processes import MENDED, figures, place
from kitaran.planning.processes import losses as losses_of
from kitaran.planning.processes.asking import cost
from kitaran.planning.processes.prices import CARBONATE, NEWER_SET, price_list
from kitaran.planning.processes.repurposing import Repurposing, repurposing
from kitaran.planning.scenario.claims_outcome import LAST_COUNTED, Outcome, at
from kitaran.planning.uncertainty.quantiles import quantiles
from kitaran.reference import Row, economies, read

Array = NDArray[np.float64]

REGION, WORLD, PLANT = "region", "world, from the region's share", "plant model"
KEY_MATERIALS = ("li", "co", "ni")
ELEMENTS = (*KEY_MATERIALS, "mn", "cu", "graphite", "pb")
_KG_PER_T = 1e3


@dataclass(frozen=True)
class Answer:
    """Ours beside a claim: p10, p50 and p90 of the samples, or the span over plants; and where it holds."""

    low: float
    middle: float
    high: float
    scope: str
    words: str

    @classmethod
    def of(cls, samples: Array, scope: str, words: str) -> Answer:
        low, middle, high = (float(part) for part in quantiles(samples))
        return cls(low, middle, high, scope, words)


@dataclass(frozen=True)
class Silence:
    """Why nothing of ours stands beside a claim."""

    words: str


Measured = Answer | Silence
Function = Callable[[Outcome, Row, Path | None], Measured]


def demand_growth(outcome: Outcome, claim: Row, overrides: Path | None) -> Measured:
    """Lithium batteries that enter use in the year of the claim over those in its first year."""
    first, last = _years(claim)
    before, after = outcome.placed_gwh[at(first)], outcome.placed_gwh[at(last)]
    if not before.all():
        return Silence(f"{outcome.where}: no lithium battery in {first}.")
    world = outcome.world_gwh[last] / outcome.world_gwh[first]
    return Answer.of(
        after / before,
        REGION,
        f"{outcome.where}: from {_amount(before)} to {_amount(after)} GWh. IEA's stated policies take road "
        f"vehicles of the world from {outcome.world_gwh[first]:,.0f} to {outcome.world_gwh[last]:,.0f} GWh, "
        f"{world:.0f} times as much.",
    )


def lithium_retired(outcome: Outcome, claim: Row, overrides: Path | None) -> Measured:
    """Mass of lithium batteries at the end of first life, carried over to the world."""
    year, share = _years(claim)[1], outcome.share_of_world()
    mass = outcome.retired_t[at(year)]
    return Answer.of(
        mass / share,
        WORLD,
        f"{outcome.where}: {_amount(mass / 1e6)} Mt, with {_amount(share * 100)} % of the batteries that the "
        f"world put into road vehicles to {LAST_COUNTED}.",
    )


def second_life(outcome: Outcome, claim: Row, overrides: Path | None) -> Measured:
    """Energy that begins a second life in the year, carried over to the world."""
    measure = outcome.headline.get("second_life_energy")
    if measure is None:
        return _lacks("second_life_energy")
    energy = measure.value[at(_years(claim)[1])]
    retired = outcome.retired_gwh[at(_years(claim)[1])]
    return Answer.of(
        energy / outcome.share_of_world(),
        WORLD,
        f"{outcome.where}: {_amount(energy)} GWh of {_amount(retired)} GWh of lithium batteries that retire.",
    )


def second_life_share(outcome: Outcome, claim: Row, overrides: Path | None) -> Measured:
    """The same over the batteries that are put into stationary storage in the world in that year."""
    year = _years(claim)[1]
    found = second_life(outcome, claim, overrides)
    if isinstance(found, Silence):
        return found
    whole = outcome.stationary_gwh[year]
    return Answer(
        found.low / whole,
        found.middle / whole,
        found.high / whole,
        WORLD,
        f"{found.middle:,.0f} GWh over {whole:,.0f} GWh that BNEF expected in 2023 to be added in the year.",
    )


def recycled_share(outcome: Outcome, claim: Row, overrides: Path | None) -> Measured:
    """Recovered lithium, cobalt and nickel over demand for them, each weighed by its price."""
    year, price = _years(claim)[1], metal_prices(overrides)
    totals = []
    for flow in ("recovered", "demand"):
        names = [f"{flow}_{element}" for element in KEY_MATERIALS]
        if missing := [name for name in names if name not in outcome.headline]:
            return _lacks(missing[0])
        amounts = [outcome.headline[name].value[at(year)] for name in names]
        totals.append(sum(a * price[e] for a, e in zip(amounts, KEY_MATERIALS, strict=True)))
    recovered, demand = np.asarray(totals[0]), np.asarray(totals[1])
    each = ", ".join(
        f"{element} {_amount(100 * _over(outcome, element, year))} %" for element in KEY_MATERIALS
    )
    return Answer.of(recovered / np.maximum(demand, 1e-9), REGION, f"By element: {each}.")


def recovered_value(outcome: Outcome, claim: Row, overrides: Path | None) -> Measured:
    """Worth of the elements recovered in the year, at the model's newer prices [USD]."""
    year, price = _years(claim)[1], metal_prices(overrides)
    if missing := [e for e in ELEMENTS if f"recovered_{e}" not in outcome.headline]:
        return _lacks(f"recovered_{missing[0]}")
    worth = {e: outcome.headline[f"recovered_{e}"].value[at(year)] * _KG_PER_T * price[e] for e in ELEMENTS}
    total = np.asarray(sum(worth.values()))
    part = {e: float(np.mean(value) / max(np.mean(total), 1e-9)) for e, value in worth.items()}
    largest = sorted(part, key=lambda e: -part[e])[:3]
    named = ", ".join(f"{e} {100 * part[e]:.0f} %" for e in largest)
    return Answer.of(
        total, REGION, f"Most of it: {named}. Lead comes from batteries that are recycled already."
    )


def retired_growth(outcome: Outcome, claim: Row, overrides: Path | None) -> Measured:
    """Lithium batteries that retire in the last year over those in the first."""
    first, last = _years(claim)
    before, after = outcome.retired_t[at(first)], outcome.retired_t[at(last)]
    if not before.all():
        return Silence(f"{outcome.where}: no lithium battery retires in {first}.")
    words = f"{outcome.where}: {_amount(before / 1e6)} Mt in {first}, {_amount(after / 1e6)} Mt in {last}."
    return Answer.of(after / before, REGION, words)


def recovered_today(outcome: Outcome, claim: Row, overrides: Path | None) -> Measured:
    """Products over feed for packs by the routes in use: span over routes and chemistries."""
    found = {
        f"{route} {chemistry}": _product_share(route, chemistry, overrides)
        for route in ("pyrometallurgical", "hydrometallurgical")
        for chemistry in ("NMC622", "LFP")
    }
    shares = list(found.values())
    words = "; ".join(f"{name} {100 * share:.0f} %" for name, share in found.items())
    return Answer(
        min(shares),
        float(np.mean(shares)),
        max(shares),
        PLANT,
        f"{words}. Casing and foils count; lithium counts as its carbonate, which is heavier.",
    )


def recovered_best(outcome: Outcome, claim: Row, overrides: Path | None) -> Measured:
    """The most that any route of the plant model recovers of a pack: span over chemistries."""
    best = []
    for chemistry in ("NMC622", "NMC811", "NCA", "LFP"):
        best.append(
            max(
                (_product_share(route, chemistry, overrides), f"{chemistry} {route}")
                for route in ("pyrometallurgical", "hydrometallurgical", "direct")
            )
        )
    shares = [share for share, _ in best]
    words = "; ".join(f"{name} {100 * share:.0f} %" for share, name in best)
    return Answer(min(shares), float(np.mean(shares)), max(shares), PLANT, f"{words}.")


def lead_recovered(outcome: Outcome, claim: Row, overrides: Path | None) -> Measured:
    """Lead out of a licensed smelter over lead in; and, where a run tells, over lead that retires."""
    smelter = losses_of("secondary_lead_smelting", {"Pb": 1.0}, overrides).recovered["Pb"]
    backyard = losses_of("informal_lead", {"Pb": 1.0}, overrides).recovered["Pb"]
    words = f"A licensed smelter; a backyard one {backyard.low:.0%} to {backyard.high:.0%}."
    if "recovered_pb" in outcome.headline:
        year = max(year for year in outcome.world_gwh if year <= 2030)
        got = outcome.headline["recovered_pb"].value[at(year)]
        share = got / np.maximum(outcome.headline["contained_pb"].value[at(year)], 1e-9)
        words += f" Of all lead that retires in the run in {year}, {_amount(100 * share)} % is recovered."
    return Answer(smelter.low, smelter.value, smelter.high, PLANT, words)


def in_device_saving(outcome: Outcome, claim: Row, overrides: Path | None) -> Measured:
    """Cost of a repurposing line without its tests against the same with them: span over economies."""
    known = figures(overrides)
    line = {row.text("name"): row.central for row in read("claim_assumptions", overrides)}
    tests = ("hours_incoming_test", "hours_module_test", "test_capital_usd", "test_cycles")
    untested = {name: np.zeros(()) for name in tests}
    saved = []
    for economy in economies():
        if not economy.in_region:
            continue

        def run(changed: Mapping[str, Array] | None, code: str = economy.code) -> Repurposing:
            return repurposing(
                line["line_packs_per_year"],
                line["line_pack_kwh"],
                line["line_soh_mean"],
                line["line_soh_spread"],
                place(code, overrides),
                changed=changed,
                known=known,
            )

        without, with_tests = run(untested).cost_usd_per_kwh, run(None).cost_usd_per_kwh
        saved.append(float(1 - without / with_tests))
    return Answer(
        min(saved),
        float(np.median(saved)),
        max(saved),
        PLANT,
        "Span over the region's economies: tests weigh most where wages are high. Parts and rebuild remain. "
        "The packs' own price is not in it; with it the saving is less.",
    )


def metal_prices(overrides: Path | None) -> dict[str, float]:
    """USD per kg of each element in what is recovered, of the newer set of prices; lithium from its
    carbonate by mass."""
    known = figures(overrides)
    prices = price_list(known, MENDED, NEWER_SET)
    mass = known.parameter["cathode_plant"]
    in_carbonate = 2 * mass["molar_mass_Li"] / mass["molar_mass_Li2CO3"]
    lead = read("prices", overrides).where(item="lead", unit="USD/t", grade=("A", "B")).resolve()
    newest = max(lead, key=lambda row: row.year or 0)
    return {
        "li": float(prices.reagent[CARBONATE] / in_carbonate),
        **{name.lower(): float(prices.metal[name]) for name in ("Co", "Ni", "Mn")},
        "cu": float(prices.of_product("copper")),
        "graphite": float(prices.of_product("graphite")),
        "pb": newest.central / _KG_PER_T,
    }


def _product_share(route: str, chemistry: str, overrides: Path | None) -> float:
    """Mass of all products per mass of packs."""
    line = {row.text("name"): row.central for row in read("claim_assumptions", overrides)}
    answer = cost(
        route,
        chemistry,
        "eol_pack",
        line["plant_throughput"],
        "CHN",
        battery="pack",
        price_set=NEWER_SET,
        overrides=overrides,
    )
    return float(sum(np.asarray(mass).item() for mass in answer.products.values()))


def _over(outcome: Outcome, element: str, year: int) -> Array:
    got, needed = (outcome.headline[f"{flow}_{element}"].value[at(year)] for flow in ("recovered", "demand"))
    share: Array = got / np.maximum(needed, 1e-9)
    return share


def _years(claim: Row) -> tuple[int, int]:
    """First and last year that a claim speaks of."""
    last = int(claim.number("for_year") or 0)
    return int(claim.number("base_year") or last), last


def _amount(samples: Array) -> str:
    """p10, p50 and p90 in words."""
    low, middle, high = (float(part) for part in quantiles(np.atleast_1d(samples)))
    return f"{_said(middle)} ({_said(low)} to {_said(high)})"


def _said(value: float) -> str:
    """Three significant digits, and large numbers in full."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def _lacks(quantity: str) -> Silence:
    return Silence(f"This run holds no {quantity}.")


MEASURES: Mapping[str, Function] = {
    function.__name__: function
    for function in (
        demand_growth,
        lithium_retired,
        second_life,
        second_life_share,
        recycled_share,
        recovered_value,
        retired_growth,
        recovered_today,
        recovered_best,
        lead_recovered,
        in_device_saving,
    )
}
