"""The region's flows beside published claims: one pure function a figure, shares sample by sample."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kitaran.planning.processes import MENDED, figures
from kitaran.planning.processes.prices import CARBONATE, NEWER_SET, price_list
from kitaran.planning.scenario.claims_answer import (
    REGION,
    WORLD,
    Answer,
    Measured,
    Silence,
    amount,
    lacks,
    years_of,
)
from kitaran.planning.scenario.claims_outcome import LAST_COUNTED, Outcome, at
from kitaran.reference import Row, read

Array = NDArray[np.float64]

KEY_MATERIALS = ("li", "co", "ni")
ELEMENTS = (*KEY_MATERIALS, "mn", "cu", "graphite")
LEAD = "recovered_pb"
_KG_PER_T = 1e3


def demand_growth(outcome: Outcome, claim: Row, overrides: Path | None) -> Measured:
    """Lithium batteries that enter use in the year of the claim over those in its first year."""
    first, last = years_of(claim)
    before, after = outcome.placed_gwh[at(first)], outcome.placed_gwh[at(last)]
    if not before.all():
        return Silence(f"{outcome.where}: no lithium battery in {first}.")
    world = outcome.world_gwh[last] / outcome.world_gwh[first]
    return Answer.of(
        after / before,
        REGION,
        f"{outcome.where}: from {amount(before)} to {amount(after)} GWh. IEA's stated policies take road "
        f"vehicles of the world from {outcome.world_gwh[first]:,.0f} to {outcome.world_gwh[last]:,.0f} GWh, "
        f"{world:.0f} times as much.",
    )


def lithium_retired(outcome: Outcome, claim: Row, overrides: Path | None) -> Measured:
    """Mass of lithium batteries at the end of first life, carried over to the world."""
    year, share = years_of(claim)[1], outcome.share_of_world()
    mass = outcome.retired_t[at(year)]
    return Answer.of(
        mass / share,
        WORLD,
        f"{outcome.where}: {amount(mass / 1e6)} Mt, with {amount(share * 100)} % of the batteries that the "
        f"world put into road vehicles to {LAST_COUNTED}.",
    )


def second_life(outcome: Outcome, claim: Row, overrides: Path | None) -> Measured:
    """Energy that begins a second life in the year, carried over to the world."""
    measure = outcome.headline.get("second_life_energy")
    if measure is None:
        return lacks("second_life_energy")
    energy = measure.value[at(years_of(claim)[1])]
    retired = outcome.retired_gwh[at(years_of(claim)[1])]
    return Answer.of(
        energy / outcome.share_of_world(),
        WORLD,
        f"{outcome.where}: {amount(energy)} GWh of {amount(retired)} GWh of lithium batteries that retire.",
    )


def second_life_share(outcome: Outcome, claim: Row, overrides: Path | None) -> Measured:
    """The same over the batteries that are put into stationary storage in the world in that year."""
    year = years_of(claim)[1]
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
    year, price = years_of(claim)[1], metal_prices(overrides)
    totals = []
    for flow in ("recovered", "demand"):
        names = [f"{flow}_{element}" for element in KEY_MATERIALS]
        if missing := [name for name in names if name not in outcome.headline]:
            return lacks(missing[0])
        amounts = [outcome.headline[name].value[at(year)] for name in names]
        totals.append(sum(a * price[e] for a, e in zip(amounts, KEY_MATERIALS, strict=True)))
    recovered, demand = np.asarray(totals[0]), np.asarray(totals[1])
    each = ", ".join(
        f"{element} {amount(100 * _over(outcome, element, year))} %" for element in KEY_MATERIALS
    )
    return Answer.of(recovered / np.maximum(demand, 1e-9), REGION, f"By element: {each}.")


def recovered_value(outcome: Outcome, claim: Row, overrides: Path | None) -> Measured:
    """Worth of the elements recovered of lithium batteries in the year, at the model's newer prices, carried
    over to the world [USD]."""
    year, price = years_of(claim)[1], metal_prices(overrides)
    worth = _worth(outcome, year, price)
    if isinstance(worth, Silence):
        return worth
    total = np.sum(list(worth.values()), axis=0)
    part = {e: float(np.mean(value) / max(np.mean(total), 1e-9)) for e, value in worth.items()}
    largest = sorted(part, key=lambda e: -part[e])[:3]
    named = ", ".join(f"{e} {100 * part[e]:.0f} %" for e in largest)
    words = f"{outcome.where}: {_billion(total)}. Most of it: {named}."
    if LEAD in outcome.headline:
        lead = outcome.headline[LEAD].value[at(year)] * _KG_PER_T * price["pb"]
        words += f" Lead of lead-acid batteries is worth another {_billion(lead)}."
    return Answer.of(total / outcome.share_of_world(), WORLD, words)


def recovered_growth(outcome: Outcome, claim: Row, overrides: Path | None) -> Measured:
    """Worth of what is recovered of lithium batteries in the last year over that in the first."""
    (first, last), price = years_of(claim), metal_prices(overrides)
    before, after = (_worth(outcome, year, price) for year in (first, last))
    if isinstance(before, Silence) or isinstance(after, Silence):
        return before if isinstance(before, Silence) else Silence("")
    early, late = (np.sum(list(worth.values()), axis=0) for worth in (before, after))
    if not early.all():
        return Silence(f"{outcome.where}: nothing is recovered in {first}.")
    mass = outcome.retired_t
    words = (
        f"{outcome.where}: {_billion(early)} in {first}, {_billion(late)} in {last}; "
        f"lithium batteries that retire go from {amount(mass[at(first)] / 1e6)} to "
        f"{amount(mass[at(last)] / 1e6)} Mt."
    )
    return Answer.of(late / early, REGION, words)


def emissions_spared(outcome: Outcome, claim: Row, overrides: Path | None) -> Measured:
    """What a run knows of emissions, which is not what is claimed."""
    measure = outcome.headline.get("ghg_avoided")
    if measure is None:
        return lacks("ghg_avoided")
    spared = measure.value[at(years_of(claim)[1])] / 1e6
    return Silence(f"{outcome.where}: recycling and reuse spare {amount(spared)} Mt CO2-eq.")


def _worth(outcome: Outcome, year: int, price: Mapping[str, float]) -> dict[str, Array] | Silence:
    """Worth of each element recovered of lithium batteries in a year, (sample,) [USD]."""
    if missing := [e for e in ELEMENTS if f"recovered_{e}" not in outcome.headline]:
        return lacks(f"recovered_{missing[0]}")
    return {e: outcome.headline[f"recovered_{e}"].value[at(year)] * _KG_PER_T * price[e] for e in ELEMENTS}


def _billion(usd: Array) -> str:
    return f"{amount(usd / 1e9)} billion USD"


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


def _over(outcome: Outcome, element: str, year: int) -> Array:
    got, needed = (outcome.headline[f"{flow}_{element}"].value[at(year)] for flow in ("recovered", "demand"))
    share: Array = got / np.maximum(needed, 1e-9)
    return share
