"""The plant models beside published claims: one function a figure, with the span over routes or places."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kitaran.planning.processes import figures, place
from kitaran.planning.processes import losses as losses_of
from kitaran.planning.processes.asking import cost
from kitaran.planning.processes.prices import NEWER_SET
from kitaran.planning.processes.repurposing import Repurposing, repurposing
from kitaran.planning.scenario.claims_answer import PLANT, Answer, Measured, amount
from kitaran.planning.scenario.claims_flows import LEAD
from kitaran.planning.scenario.claims_outcome import Outcome, at
from kitaran.reference import Row, economies, read

Array = NDArray[np.float64]


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
    if LEAD in outcome.headline:
        year = max(year for year in outcome.world_gwh if year <= 2030)
        got = outcome.headline[LEAD].value[at(year)]
        share = got / np.maximum(outcome.headline["contained_pb"].value[at(year)], 1e-9)
        words += f" Of all lead that retires in the run in {year}, {amount(100 * share)} % is recovered."
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
