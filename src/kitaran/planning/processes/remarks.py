"""What a reader must know about one answer: proxies, placeholders, ranges left, prices kept."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from kitaran.planning.processes.case import DIRECT
from kitaran.planning.processes.evaluation import Evaluation
from kitaran.planning.processes.figures import CATHODE
from kitaran.planning.processes.prices import OLDER_SET

FLAT_CAPITAL_T = 50_000
WHOLE_TOLERANCE = 0.005
PLACEHOLDER = "LMO"


def remarks(answer: Evaluation) -> list[str]:
    """Sentences, the weightiest first."""
    return list(_remarks(answer))


def _remarks(answer: Evaluation) -> Iterator[str]:
    asked = answer.case
    for stream in asked.streams:
        if stream.chemistry == PLACEHOLDER:
            yield "LMO is a placeholder: its composition and masses repeat LCO in the published model."
        whole = float(np.max(sum(asked.feed_of(stream).components.values(), np.float64(0.0))))
        if whole > 1 + WHOLE_TOLERANCE:
            yield f"The components of {stream.chemistry} {stream.feed} add up to {whole:.3f} kg per kg."
        if float(np.max(asked.feed_of(stream).components[CATHODE])) <= 0:
            yield f"{stream.chemistry} {stream.feed} holds no cathode material."
    stands_in = sorted({each.parameter for each in asked.place_figures if each.proxy_for})
    if stands_in:
        yield f"{asked.place.name} has no figure of its own for {', '.join(stands_in)}: a proxy stands in."
    own_guess = sorted({each.parameter for each in asked.place_figures if each.grade == "D"})
    if own_guess:
        yield f"Grade D, our assumption or no named publisher: {', '.join(own_guess)}."
    if asked.prices.price_set != OLDER_SET:
        chosen, kept = asked.prices.price_set, ", ".join(asked.prices.kept)
        yield f"Prices of {OLDER_SET} stand where {chosen} has none: {kept}."
    if asked.route == DIRECT:
        yield "Direct recycling is valued at the price of new cathode material: an upper bound."
    if float(np.max(asked.throughput_t)) > FLAT_CAPITAL_T:
        yield f"Above {FLAT_CAPITAL_T:,} t/year the capital is too low: no unit has a largest size."
    if asked.figures.overridden:
        yield f"Own rows stand in: {', '.join(asked.figures.overridden)}."
