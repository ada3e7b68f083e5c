"""The value of used vehicles, packs, modules, cells and black mass: arrays in, arrays out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, NDArray

from kitaran.planning.market.valuation.book import Book, checked_day
from kitaran.planning.market.valuation.draw import Draw
from kitaran.planning.market.valuation.figures import Along, Array, Central, Figure, Sampled
from kitaran.planning.market.valuation.lot import Kind, Lot, lot
from kitaran.planning.market.valuation.own import checked
from kitaran.planning.market.valuation.part import Part
from kitaran.planning.market.valuation.ranges import p10_and_p90
from kitaran.planning.market.valuation.reasons import reasons_of
from kitaran.planning.market.valuation.routes import RECYCLE, REUSE, ROUTES, Look, look
from kitaran.planning.market.valuation.work import test_cost

SAMPLES, SEED = 200, 1
AT_ONCE = 192
TEST_SCORES = np.array([-1.6449, -1.0364, -0.6745, -0.3853, -0.1257, 0.1257, 0.3853, 0.6745, 1.0364, 1.6449])
"""Middles of ten equal parts of a standard normal distribution."""
PARTS_OF_ROUTE = {
    REUSE: ("new", "health", "work", "risk", "transport", "metals", "used"),
    RECYCLE: ("metals", "transport"),
    "drive_on": ("vehicle", "health", "new"),
    "sell_black_mass": ("metals", "transport"),
}
WORK_TERMS = ("removal", "test", "opening", "rebuild", "equipment", "reconditioning")


@dataclass(frozen=True)
class Valuation:
    """What batteries are worth where they stand, (battery,) each; money in USD of the day.

    value_usd           : at central figures, by the best way to sell; below nought: what handing over costs
    p10_usd, p90_usd    : 8 times in 10 between, over the ranges of health, prices and work
    after_work_usd      : what it is worth once the work is done and before it travels
    usd_per_kwh, usd_per_kg : the value by nameplate energy, and by mass
    route               : best way to sell; driver: what decides its price
    routes_usd          : value by way to sell, NaN where it is barred
    terms_usd           : terms of the best way, which add up to the value; NaN where it has no such term
    factors             : health factor, prices and shares behind the terms; NaN where there is none
    test_gain_usd       : what a test would be worth before its cost, test_cost_usd; nought where one was done
    grade               : the weakest figure that the value rests on
    reasons             : codes of what to know, by battery
    figures             : what was read, by kind of battery; own entries without a row
    book                : the rows, the day and the own entries that were used
    """

    lot: Lot
    book: Book
    value_usd: Array
    p10_usd: Array
    p90_usd: Array
    after_work_usd: Array
    usd_per_kwh: Array
    usd_per_kg: Array
    route: NDArray[np.str_]
    driver: NDArray[np.str_]
    routes_usd: Mapping[str, Array]
    terms_usd: Mapping[str, Array]
    factors: Mapping[str, Array]
    test_gain_usd: Array
    test_cost_usd: Array
    grade: NDArray[np.str_]
    reasons: tuple[tuple[str, ...], ...]
    figures: Mapping[Kind, tuple[Figure, ...]]

    def sources(self) -> tuple[str, ...]:
        """Ids of the rows that were read."""
        rows = {each.row for figures in self.figures.values() for each in figures if each.row}
        return tuple(sorted(rows))


def value(
    chemistry: str | Sequence[str],
    kwh: ArrayLike,
    economy: str | Sequence[str],
    *,
    soh: ArrayLike | None = None,
    soh_low: ArrayLike | None = None,
    soh_high: ArrayLike | None = None,
    age: ArrayLike | None = None,
    form: str | Sequence[str] = "pack",
    condition: str | Sequence[str] = "sound",
    application: str | Sequence[str] = "home_solar",
    vehicle_class: str | Sequence[str] = "car",
    mass_kg: ArrayLike | None = None,
    own: Mapping[str, float] | None = None,
    as_of: str = "",
    overrides: Path | None = None,
    samples: int = SAMPLES,
    seed: int = SEED,
) -> Valuation:
    """What used batteries are worth to their owner, best way of selling first.

    chemistry, economy, form, condition, application, vehicle_class : (battery,) words, or one for all
    kwh         : (battery,) nameplate energy [kWh]; not read for black mass
    soh, soh_low, soh_high : (battery,) fraction of rated capacity with P5 and P95; NaN or None: nobody tested
    age         : (battery,) [year]; NaN or None: nobody knows
    form        : vehicle, pack, module, cells or black_mass; condition: sound, unknown or damaged
    application : what it is next used for, `value_applications`; vehicle_class: of a vehicle
    mass_kg     : (battery,) [kg]; needed for black mass, else from the table `composition`
    own         : the reader's own figures by name, `OWN_NAMES`
    as_of       : day of the prices, YYYY, YYYY-MM or YYYY-MM-DD; empty: the newest
    returns     : `Valuation`, (battery,) arrays in the order given

    V = max over ways; reuse: min(a n H (1 - d) - w - r + (1 - a) m, u) - removal - t; recycle: m - removal.
    The symbols stand in `routes`, the health factor H in `health`.
    Samples move every battery alike, so that differences between batteries are not noise.
    Raises InputError for words, numbers or own figures that cannot be.
    Source: health-factor method of Neubauer and Pesaran (2011), J. Power Sources 196; work and transport of
    `kitaran.processes`.
    """
    book = Book(checked(own), checked_day(as_of, overrides), overrides)
    batteries = lot(
        chemistry,
        kwh,
        economy,
        soh,
        soh_low,
        soh_high,
        age,
        form,
        condition,
        application,
        vehicle_class,
        mass_kg,
    )
    sampled = Sampled(samples, seed)
    found = _Found(batteries, book)
    middle, many = Draw(book, Central()), Draw(book, sampled)
    for kind, at in batteries.blocks(AT_ONCE):
        part = Part.of(kind, batteries, at)
        central, spread = middle.again(), many.again()
        found.add(kind, at, look(part, central), look(part, spread), central)
        if np.isnan(part.soh).any() and REUSE in found.ways(at):
            found.add_test(part, at, book)
    return found.valuation()


class _Found:
    """Results put together block by block."""

    def __init__(self, batteries: Lot, book: Book) -> None:
        self.lot, self.book = batteries, book
        size = batteries.size
        self.routes = {name: np.full(size, np.nan) for name in ROUTES}
        self.terms: dict[str, Array] = {}
        self.factors: dict[str, Array] = {}
        self.low, self.high = np.full(size, np.nan), np.full(size, np.nan)
        self.route = np.full(size, "", "<U16")
        self.driver = np.full(size, "", "<U24")
        self.grade = np.full(size, "D", "<U1")
        self.gain, self.cost = np.zeros(size), np.zeros(size)
        self.figures: dict[Kind, tuple[Figure, ...]] = {}

    def ways(self, at: NDArray[np.intp]) -> set[str]:
        return {name for name, values in self.routes.items() if not np.isnan(values[at]).all()}

    def add(self, kind: Kind, at: NDArray[np.intp], central: Look, spread: Look, draw: Draw) -> None:
        names = list(central.routes)
        values = np.stack([central.routes[name].value[:, 0] for name in names])
        best = values.argmax(axis=0)
        for name, row in zip(names, values, strict=True):
            self.routes[name][at] = row
        for index, name in enumerate(names):
            chosen = at[best == index]
            if not chosen.size:
                continue
            here = best == index
            way = central.routes[name]
            for term, amount in way.terms.items():
                self._put(self.terms, term, chosen, amount[here, 0])
            self.low[chosen], self.high[chosen] = p10_and_p90(spread.routes[name].value[here])
            self.route[chosen] = name
            self.driver[chosen] = _driver(name, way.value[here, 0], way.capped[here, 0])
            self.grade[chosen] = _weakest(name, draw.used.values())
        for factor, amount in central.factors.items():
            self._put(self.factors, factor, at, np.broadcast_to(amount, (at.size, amount.shape[1]))[:, 0])
        self.figures.setdefault(kind, tuple(draw.used.values()))

    def add_test(self, part: Part, at: NDArray[np.intp], book: Book) -> None:
        """What it would be worth to know the health of untested batteries before choosing the way to sell."""
        draw = Draw(book, Along({"soh": TEST_SCORES}, TEST_SCORES.size))
        ways = np.stack(
            [each.value + np.zeros((at.size, TEST_SCORES.size)) for each in look(part, draw).routes.values()]
        )
        knowing = ways.max(axis=0).mean(axis=1)
        guessing = ways.mean(axis=2).max(axis=0)
        untested = np.isnan(part.soh[:, 0])
        self.gain[at] = np.where(untested, np.maximum(knowing - guessing, 0.0), 0.0)
        cost = test_cost(Draw(book, Central()), part.kind.economy, part.kwh)[:, 0]
        self.cost[at] = np.where(untested, cost, 0.0)

    def _put(self, into: dict[str, Array], name: str, at: NDArray[np.intp], values: Array) -> None:
        into.setdefault(name, np.full(self.lot.size, np.nan))[at] = values

    def valuation(self) -> Valuation:
        worth = np.nanmax(np.stack(list(self.routes.values())), axis=0)
        spent = sum(
            (np.nan_to_num(self.terms[name]) for name in WORK_TERMS if name in self.terms),
            np.zeros(self.lot.size),
        )
        way = np.nan_to_num(self.terms.get("transport", np.zeros(self.lot.size)))
        cut = np.nan_to_num(self.terms.get("market_limit", np.zeros(self.lot.size)))
        reused = self.route == REUSE
        mass = np.where(
            np.isnan(self.lot.mass_kg),
            self.factors.get("kg_per_kwh", np.full(self.lot.size, np.nan)) * self.lot.kwh,
            self.lot.mass_kg,
        )
        result = Valuation(
            lot=self.lot,
            book=self.book,
            value_usd=worth,
            p10_usd=np.minimum(self.low, worth),
            p90_usd=np.maximum(self.high, worth),
            after_work_usd=worth - spent - way - np.where(reused, cut, 0.0),
            usd_per_kwh=worth / self.lot.kwh,
            usd_per_kg=worth / mass,
            route=self.route,
            driver=self.driver,
            routes_usd={name: each for name, each in self.routes.items() if not np.isnan(each).all()},
            terms_usd=self.terms,
            factors=self.factors,
            test_gain_usd=self.gain,
            test_cost_usd=self.cost,
            grade=self.grade,
            reasons=(),
            figures=self.figures,
        )
        return Valuation(**{**vars(result), "reasons": reasons_of(result)})


def _driver(route: str, worth: Array, capped: NDArray[np.bool_]) -> NDArray[np.str_]:
    """What decides the price: remaining throughput, the market of used packs or vehicles, metals or a fee."""
    if route == REUSE:
        return np.where(capped, "used_market", "remaining_throughput")
    if route == "drive_on":
        return np.where(capped, "vehicle_market", "remaining_throughput")
    return np.where(worth >= 0, "metals", "gate_fee")


def _weakest(route: str, used: Iterable[Figure]) -> str:
    """The weakest grade among the figures of the parts that a way to sell rests on; own entries have none."""
    parts = PARTS_OF_ROUTE[route]
    grades = [each.grade for each in used if each.part in parts and each.grade]
    return max(grades, default="D")
