"""Electric vehicles sold in the years to come: market, diffusion, what others expect, targets, scenario."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kitaran.planning.fleet import diffusion
from kitaran.planning.fleet.figures import Figure
from kitaran.planning.fleet.history import JOINT
from kitaran.planning.fleet.market import growth_by_income, market_path
from kitaran.planning.scenario.assumptions import Assumptions
from kitaran.planning.scenario.markets import Market
from kitaran.planning.scenario.model import SalesTarget
from kitaran.planning.scenario.past import sampled_figure
from kitaran.planning.scenario.people import COHORTS, FIRST_COHORT
from kitaran.planning.scenario.provenance import Trail
from kitaran.planning.scenario.region import Region
from kitaran.planning.uncertainty.draws import Draws
from kitaran.reference import Row

Array = NDArray[np.float64]

MOST_SHARE_OF_A_COUNT = 0.9
_BINDING = {"law": "law", "policy": "policy", "roadmap": "policy", "plan": "policy", "programme": "policy"}


@dataclass(frozen=True)
class View:
    """A path that others publish or aim at, by year on the scale of shares: (low, middle, high), and its
    weight."""

    years: Array
    shares: tuple[Figure, ...]
    weight: Array
    name: str


def market_of_class(trail: Trail, region: Region, market: Market, vehicle_class: str) -> Array:
    """All vehicles of the class sold by year, (cohort, sample)."""
    draws, assume = region.assumptions.draws, region.assumptions
    economy = trail.economy
    proxy = economy if market.peers else ""
    note = f"From peers of like income: {', '.join(market.peers)}" if market.peers else ""
    trail.note("market", market.figure.rows, vehicle_class, market.figure.grade, proxy, note)
    for row in region.people.rows(economy):
        trail.note_row("people", row)
    row = region.markets.of_market(economy, vehicle_class, "market_growth")
    shared, own = row.id, f"market_growth/{economy}.{vehicle_class}"
    score = draws.correlated(shared, own, assume.value("regional_correlation"))
    at_low = draws.figure(row.id, row.value, row.low, row.high, grade=row.grade, score=score)
    growth = growth_by_income(
        region.places[economy].income, at_low, assume.value("income_low"), assume.value("income_high")
    )
    base = sampled_figure(market.figure, draws, f"market/{economy}.{vehicle_class}")
    fading = assume.sampled("market_fading")
    return market_path(base, market.year, COHORTS, region.people.population(economy), growth, fading)


def prior(assume: Assumptions) -> diffusion.Prior:
    return diffusion.Prior(
        assume.value("diffusion_steepness"),
        assume.deviation("diffusion_steepness"),
        assume.value("diffusion_noise"),
        assume.value("diffusion_memory"),
        assume.value("diffusion_reversion"),
    )


def projected_sales(
    trail: Trail,
    region: Region,
    vehicle_class: str,
    sold: Array,
    market: Array,
    last_year: int,
    targets: Sequence[SalesTarget],
) -> Array:
    """Electric vehicles sold, (cohort, sample): `sold` up to its last year, the outlook after it.

    sold   : (cohort, sample) entries up to the last year with a figure
    market : (cohort, sample) all vehicles sold
    """
    assume, draws = region.assumptions, region.assumptions.draws
    ceiling_row = region.markets.of_market(trail.economy, vehicle_class, "saturation_share")
    ceiling = draws.figure(
        ceiling_row.id,
        ceiling_row.value,
        ceiling_row.low,
        ceiling_row.high,
        grade=ceiling_row.grade,
        fraction=True,
    )
    ahead = last_year < COHORTS
    last = last_year - FIRST_COHORT
    curve, level = _start(sold, market, last, ceiling_row.central, ceiling, prior(assume))
    score = draws.correlated(
        "diffusion", f"diffusion/{trail.economy}.{vehicle_class}", assume.value("regional_correlation")
    )
    x = diffusion.project(curve, level, score, COHORTS[ahead], prior(assume))
    for view in _published(trail, region, vehicle_class, market, last_year):
        points = _view_points(view, draws, ceiling)
        x = diffusion.draw_towards(x, COHORTS[ahead], last_year, view.years, points, view.weight)
    for aim in _aims(trail, assume, vehicle_class, last_year):
        # A target that the trend passes anyway does not hold it back.
        reached = x[(aim.years - COHORTS[ahead][0]).astype(int)]
        points = np.maximum(_view_points(aim, draws, ceiling), reached)
        x = diffusion.draw_towards(x, COHORTS[ahead], last_year, aim.years, points, aim.weight)
    x = _to_scenario(x, COHORTS[ahead], last_year, targets, ceiling, draws.samples)
    path = sold.copy()
    path[ahead] = diffusion.share_of(x, np.maximum(ceiling, _top(targets))) * market[ahead]
    return path


def _start(
    sold: Array, market: Array, last: int, middle_ceiling: float, ceiling: Array, known: diffusion.Prior
) -> tuple[diffusion.Curve, Array]:
    """Curve fitted to the median history, and each sample's x in the last year."""
    seen_sales, seen_market = np.median(sold, axis=1), np.median(market, axis=1)
    first = max(0, last - 10)
    years = [row for row in range(first, last + 1) if seen_sales[row] > 0] or [last]
    share = np.maximum(seen_sales[years], 1e-9) / np.maximum(seen_market[years], 1e-9)
    curve = diffusion.fit(COHORTS[years], share, middle_ceiling, known)
    fitted = float(diffusion.share_of(np.array(curve.level), np.array(middle_ceiling)))
    own = np.divide(sold[last], seen_sales[last], out=np.ones_like(sold[last]), where=seen_sales[last] > 0)
    return curve, diffusion.on_logit(
        fitted * own * seen_market[last] / np.maximum(market[last], 1e-9), ceiling
    )


def _view_points(view: View, draws: Draws, ceiling: Array) -> Array:
    """x of the published shares, drawn over the spread of the views, (point, sample)."""
    shares = [sampled_figure(share, draws, view.name, fraction=True) for share in view.shares]
    return diffusion.on_logit(np.stack(shares), ceiling)


def _published(trail: Trail, region: Region, vehicle_class: str, market: Array, last_year: int) -> list[View]:
    """Projections of others for the class: IEA's paths together, and ETM's."""
    known = region.history(trail.economy, vehicle_class)
    hybrids = [known.hybrids[year].value for year in sorted(known.hybrids)[-3:]]
    given = _projected_shares(trail, vehicle_class, last_year)
    middle = np.median(market, axis=1)
    for year, paths in _projected_counts(trail, vehicle_class, last_year, hybrids).items():
        whole = max(float(middle[year - FIRST_COHORT]), 1.0)
        given.setdefault(year, []).extend(
            (min(count / whole, MOST_SHARE_OF_A_COUNT), row) for count, row in paths
        )
    views = []
    for name, weight in (("iea", "published_view_weight"), ("etm", "etm_view_weight")):
        by_year = {
            year: [share for share, row in shares if (row.text("path") == "ETM") == (name == "etm")]
            for year, shares in sorted(given.items())
        }
        years = [year for year, shares in by_year.items() if shares]
        if years:
            figures = tuple(_spanned(by_year[year]) for year in years)
            weights = region.assumptions.sampled(weight)
            views.append(
                View(
                    np.array(years, dtype=np.float64),
                    figures,
                    weights,
                    f"{name}/{trail.economy}.{vehicle_class}",
                )
            )
    for shares in given.values():
        for _, row in shares:
            trail.note_row("outlook", row, vehicle_class)
    return views


def _projected_shares(trail: Trail, vehicle_class: str, last_year: int) -> dict[int, list[tuple[float, Row]]]:
    """Electric shares by year and path."""
    table = trail.table("ev_sales_share").where(
        economy=trail.economy, path=("STEPS", "APS"), vehicle_class=_counted_as(vehicle_class)
    )
    shares: dict[int, list[tuple[float, Row]]] = {}
    for row in table.resolve():
        if row.year and row.year > last_year:
            shares.setdefault(row.year, []).append((row.central, row))
    return shares


def _counted_as(vehicle_class: str) -> tuple[str, ...]:
    """Classes of a source that stand for a class: two-wheelers are nearly all of the joint class."""
    return (vehicle_class, JOINT) if vehicle_class == "two_wheeler" else (vehicle_class,)


def _projected_counts(
    trail: Trail, vehicle_class: str, last_year: int, hybrids: Sequence[float]
) -> dict[int, list[tuple[float, Row]]]:
    """Electric vehicles sold by year and path, powertrains added.

    ETM counts battery-electric cars only: plug-in hybrids are added in their share of the last years.
    """
    table = trail.table("ev_sales_projection").where(
        economy=trail.economy, vehicle_class=_counted_as(vehicle_class)
    )
    others = 1 / (1 - min(float(np.mean(hybrids)), 0.6)) if hybrids else 1.0
    added: dict[tuple[int, str], tuple[float, Row]] = {}
    for row in table.resolve():
        if row.year and row.year > last_year and row.central > 0:
            before = added.get((row.year, row.text("path")), (0.0, row))
            scale = others if row.text("path") == "ETM" else 1.0
            added[row.year, row.text("path")] = (before[0] + row.central * scale, row)
    counts: dict[int, list[tuple[float, Row]]] = {}
    for (year, _), counted in added.items():
        counts.setdefault(year, []).append(counted)
    return counts


def _spanned(shares: list[float]) -> Figure:
    middle = float(np.mean(shares))
    return Figure(middle, min(shares), max(shares), "C", ())


def _aims(trail: Trail, assume: Assumptions, vehicle_class: str, last_year: int) -> list[View]:
    """Targets for the share of sales, each drawing as far as it binds."""
    names = {vehicle_class, "all"} | ({JOINT} if vehicle_class in ("two_wheeler", "three_wheeler") else set())
    rows = [
        row
        for row in trail.table("ev_targets").where(economy=trail.economy, measure="sales_share").resolve()
        if row.text("vehicle_class") in names
        and (row.year or 0) > last_year
        and row.text("status") != "superseded"
    ]
    views = []
    for row in sorted(rows, key=lambda row: (row.year or 0, row.id)):
        trail.note_row("outlook", row, vehicle_class)
        binding = _BINDING.get(row.text("status"), "announced")
        share = min(max(row.central, 1e-4), 0.99)
        figure = Figure(share, share, share, row.grade, (row.id,))
        weight = assume.sampled(f"target_weight_{binding}")
        views.append(View(np.array([row.year], dtype=np.float64), (figure,), weight, row.id))
    return views


def _to_scenario(
    x: Array, years: Array, last_year: int, targets: Sequence[SalesTarget], ceiling: Array, samples: int
) -> Array:
    """The scenario's targets are met exactly, and the distance to them is kept after the last."""
    ahead = sorted((target for target in targets if target.year > last_year), key=lambda target: target.year)
    if not ahead:
        return x
    top = np.maximum(ceiling, _top(targets))
    points = np.stack(
        [diffusion.on_logit(np.full(samples, max(target.share, 1e-6)), top) for target in ahead]
    )
    knots = np.array([target.year for target in ahead], dtype=np.float64)
    return diffusion.draw_towards(x, years, last_year, knots, points, np.ones(samples))


def _top(targets: Sequence[SalesTarget]) -> float:
    return max((target.share for target in targets), default=0.0)
