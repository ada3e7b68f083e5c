"""What a reader must know about one answer: proxies, placeholders, ranges left, prices kept."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from kitaran.planning.processes.case import DIRECT
from kitaran.planning.processes.chain import Evaluation
from kitaran.planning.processes.figures import CATHODE
from kitaran.planning.processes.prices import OLDER_SET

FLAT_CAPITAL_T = 50_000
WHOLE_TOLERANCE = 0.005
PLACEHOLDER = "LMO"


def remarks(answer: Evaluation) -> list[str]:
    """Sentences about the case, its place and the model."""
    return [*_of_the_feed(answer), *_of_the_place(answer), *model_remarks(answer)]


def model_remarks(answer: Evaluation) -> list[str]:
    """Sentences about prices, route, scale and own rows."""
    return [*_of_prices(answer), *_of_the_plant(answer)]


def _of_the_feed(answer: Evaluation) -> Iterator[str]:
    for stream in answer.case.streams:
        components = answer.case.feed_of(stream).components
        if stream.chemistry == PLACEHOLDER:
            yield "LMO is a placeholder: its composition and masses repeat LCO in the published model."
        whole = float(np.max(sum(components.values(), np.float64(0.0))))
        if whole > 1 + WHOLE_TOLERANCE:
            yield f"The components of {stream.chemistry} {stream.feed} add up to {whole:.3f} kg per kg."
        if float(np.max(components[CATHODE])) <= 0:
            yield f"{stream.chemistry} {stream.feed} holds no cathode material."


def _of_the_place(answer: Evaluation) -> Iterator[str]:
    asked = answer.case
    stands_in = sorted({each.parameter for each in asked.place_figures if each.proxy_for})
    if stands_in:
        yield f"{asked.place.name} has no figure of its own for {', '.join(stands_in)}: a proxy stands in."
    own_guess = sorted({each.parameter for each in asked.place_figures if each.grade == "D"})
    if own_guess:
        yield f"Grade D, our assumption or no named publisher: {', '.join(own_guess)}."


def _of_prices(answer: Evaluation) -> Iterator[str]:
    asked = answer.case
    if asked.prices.price_set == OLDER_SET:
        return
    plants = [plant for plant in (answer.preprocessing, answer.recovery) if plant]
    used = {
        name for plant in plants for flows in (plant.flows.reagents, plant.flows.products) for name in flows
    }
    if kept := [name for name in asked.prices.kept if name in used]:
        yield f"Prices of {OLDER_SET} stand where {asked.prices.price_set} has none: {', '.join(kept)}."


def _of_the_plant(answer: Evaluation) -> Iterator[str]:
    asked = answer.case
    if asked.route == DIRECT:
        yield "Direct recycling is valued at the price of new cathode material: an upper bound."
    if float(np.max(asked.throughput_t)) > FLAT_CAPITAL_T:
        yield f"Above {FLAT_CAPITAL_T:,} t/year the capital is too low: no unit has a largest size."
    if asked.figures.overridden:
        yield f"Own rows stand in: {', '.join(asked.figures.overridden)}."
