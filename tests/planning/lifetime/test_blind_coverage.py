"""The stated 80 % of remaining life, put to cells that the method has never seen.

The truth comes from each of the fourteen models in turn, left out of what is believed beforehand; place,
duty, history, chemistry, threshold and measurements are drawn anew. Cells that outlast the horizon are not
counted: they are held nearly always. The seeds here set no figure of the method.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pytest

from kitaran.planning import lifetime
from kitaran.planning.lifetime import Course, chemistry, climate, duty, remaining, setting

MODELS = lifetime.catalogue()


@dataclass(frozen=True)
class Trial:
    """One cell: where it stands, and whether the stated range holds its true years."""

    held: bool
    too_soon: bool
    strata: dict[str, str]


def settings(draw: np.random.Generator, duties: int, places: int) -> Iterator[dict[str, Course]]:
    """Courses of all models in settings drawn from the packaged ones."""
    for name in draw.choice(duty.duties(), duties, replace=False):
        where = tuple(str(place) for place in draw.choice(climate.places(), places, replace=False))
        windows = setting(where, str(name), year=2030).windows
        each = {model.id: remaining.courses_of_places(model, windows) for model in MODELS.values()}
        for place in range(places):
            yield {model: courses[place] for model, courses in each.items()}


def believed(
    courses: dict[str, Course], truth: str, known: bool, draw: np.random.Generator
) -> tuple[str, list[Course]]:
    """Courses believed beforehand, never the truth's own, and whether the chemistry was told."""
    names = [name for name in MODELS[truth].stands_for if chemistry.has_model(name)]
    if known and names:
        models = chemistry.ensemble(str(draw.choice(names))).models
        told = [courses[model.id] for model in models if model.id != truth]
        if told:
            return "chemistry known", told
    defaults = [model for model in MODELS.values() if model.standing == "default" and model.id != truth]
    return "chemistry unknown", [courses[model.id] for model in defaults]


def trial(courses: dict[str, Course], truth: str, draw: np.random.Generator) -> Trial | None:
    """One cell somewhat unlike its model, measured one to eight times; None if it outlasts all."""
    course = courses[truth]
    factor = float(np.exp(draw.normal(0, 0.12)))
    losses = {name: factor * float(np.exp(draw.normal(0, 0.05))) * y for name, y in course.losses.items()}
    soh = np.minimum.accumulate(np.asarray(course.model.soh(losses)))
    threshold = float(draw.choice([0.6, 0.7, 0.8]))
    under = np.flatnonzero(soh <= threshold)
    if not under.size or under[0] == 0:
        return None
    step = under[0]
    end = float(np.interp(threshold, soh[[step, step - 1]], course.age_years[[step, step - 1]]))
    if end < 1.0:
        return None
    count, error = int(draw.choice([1, 1, 2, 3, 5, 8])), float(draw.choice([0.005, 0.01, 0.02, 0.03]))
    last = draw.uniform(0.15, 0.85) * min(end, 25.0)
    times = np.sort(np.append(draw.uniform(last * draw.uniform(0, 1), last, count - 1), last))
    seen = np.interp(times, course.age_years, soh) + draw.normal(0, error, count)
    old = bool(draw.integers(2))
    told, prior = believed(courses, truth, bool(draw.integers(2)), draw)
    found = lifetime.remaining_life(
        prior,
        times - times[0],
        np.clip(seen, 0.01, 1.15),
        np.full(count, error),
        threshold,
        times[0] if old else None,
        3000,
        int(draw.integers(1_000_000)),
    )
    left = end - times[-1]
    return Trial(
        held=found.years["p10"] <= left <= found.years["p90"],
        too_soon=left < found.years["p10"],
        strata={
            "model": truth,
            "chemistry": told,
            "history": "history known" if old else "history unknown",
            "measurements": "one" if count == 1 else "two or three" if count < 4 else "more",
            "age": "early" if last < 0.4 * end else "middle" if last < 0.65 * end else "late",
            "threshold": f"{threshold:.0%}",
            "error": f"{error:.1%}",
        },
    )


def trials(seed: int, duties: int, places: int, each: int) -> list[Trial]:
    draw = np.random.default_rng(seed)
    drawn = (
        trial(courses, truth, draw)
        for courses in settings(draw, duties, places)
        for truth in MODELS
        for _ in range(each)
    )
    return [item for item in drawn if item is not None]


def by_stratum(found: list[Trial]) -> dict[tuple[str, str], tuple[float, int]]:
    """Share of cells held and their number, by stratum."""
    groups: dict[tuple[str, str], list[bool]] = defaultdict(list)
    for item in found:
        for kind, name in item.strata.items():
            groups[kind, name].append(item.held)
    return {key: (float(np.mean(held)), len(held)) for key, held in sorted(groups.items())}


def test_the_stated_range_holds_about_80_percent_of_a_few_cells_never_seen() -> None:
    """A small sample, which cannot say more than that nothing is broken."""
    found = trials(seed=4021, duties=2, places=3, each=2)
    assert len(found) >= 80
    assert 0.66 <= np.mean([item.held for item in found]) <= 0.92


@pytest.mark.slow
def test_the_stated_80_percent_holds_75_to_85_percent_of_cells_from_models_left_out() -> None:
    """And no kind of case lies far off, single models apart: a knee of one is foreseen by no other."""
    found = trials(seed=90210, duties=8, places=4, each=4)
    strata = by_stratum(found)
    print(f"\n{len(found)} cells, {np.mean([item.held for item in found]):.3f} held")
    for (kind, name), (held, count) in strata.items():
        print(f"  {kind:13}{name:24}{held:6.2f}{count:6d}")
    assert len(found) > 800
    assert 0.75 <= np.mean([item.held for item in found]) <= 0.85
    for (kind, name), (held, count) in strata.items():
        if kind != "model" and count >= 100:
            assert 0.68 <= held <= 0.92, (kind, name, held)
