"""State of health and age as drawn, and the throughput that is left against that of a new battery."""

from __future__ import annotations

import numpy as np

from kitaran.planning.market.valuation.book import Book
from kitaran.planning.market.valuation.draw import Draw
from kitaran.planning.market.valuation.figures import Array, Figure
from kitaran.planning.market.valuation.health import Course, ageing, course, soh_at_end, speeds
from kitaran.planning.market.valuation.part import Part
from kitaran.planning.market.valuation.ranges import P90_SCORE, P95_SCORE

FULL_HEALTH = 1.0


def health_of(part: Part, draw: Draw) -> Array:
    """State of health, (battery, column); the range of an untested battery where nobody has measured it."""
    kept = draw.book.assumption("soh_not_tested", "health")
    guess = draw.of(Figure(**{**vars(kept), "name": "soh"}))
    held = np.clip(draw.scores.of("soh"), -2 * P90_SCORE, 2 * P90_SCORE) / P95_SCORE
    side = np.where(held < 0, part.soh - part.soh_low, part.soh_high - part.soh)
    measured = np.clip(part.soh + side * held, 0.0, FULL_HEALTH)
    if not np.isnan(part.soh).any():
        draw.used.pop("soh", None)
    return np.asarray(np.where(np.isnan(part.soh), guess, measured), np.float64)


def age_not_told(draw: Draw) -> Figure:
    return draw.book.assumption("age_not_told", "health")


def health_factor(
    draw: Draw, chemistry: str, economy: str, application: str, soh: Array, age: Array
) -> tuple[Array, Course]:
    """Throughput left over that of the new battery that a buyer would take, (battery, column).

    Source: `health`, with the ageing speed, the discount rate and the years as drawn.
    """
    row = draw.book.application(application)
    end_name, _ = soh_at_end(row.text("vehicle_class"))
    end = draw.of(draw.book.lifetime(end_name))
    rate = draw.assumption("discount_rate", "health")
    longest = draw.of(draw.book.life(application, "longest_years"))
    oldest = draw.assumption("oldest_years", "health")
    own = course(chemistry, economy, application)
    new = course(row.text("reference_chemistry") or chemistry, economy, application)
    draw.used["ageing"] = _ageing_figure(draw.book, own, new)
    here = ageing(own, speeds(own, draw.scores.of("ageing")), rate, end)
    fresh = ageing(new, np.ones(1), rate, end)
    none = np.zeros((1, 1))
    whole = fresh.remaining(np.ones((1, 1)), longest + none)
    left = here.remaining(soh, np.minimum(longest, oldest - age))
    return np.asarray(np.minimum(left / np.where(whole > 0, whole, np.inf), soh), np.float64), own


def _ageing_figure(book: Book, own: Course, new: Course) -> Figure:
    """The speed of ageing as an input: its grade is that of models, climate and duty."""
    model = book.ageing_model(own.model)
    return Figure(
        name="ageing",
        value=1.0,
        low=float(np.exp(-P95_SCORE * own.spread)),
        high=float(np.exp(P95_SCORE * own.spread)),
        unit="1",
        part="health",
        grade=max(own.grade, new.grade),
        row=model.id,
        source=model.source,
        note=f"{own.outside:.0%} of the time outside the model's tested range" if own.outside else "",
    )
