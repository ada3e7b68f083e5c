"""The account of every way for every battery: worth now and after work, cost, emissions, years left.

A single cell is worked on as part of a lot of `lot_kwh`; its account is its share of that lot. Recycling is
accounted by process: what the holder gets is what a recycler pays, worth after work is what the products
fetch, cost is what the plant and its transport spend.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kitaran.planning.market.valuation.book import Book, checked_day
from kitaran.planning.market.valuation.lot import CELLS, SOUND, UNKNOWN, lot
from kitaran.reference import read
from kitaran.registry.triage.emissions import use_emissions
from kitaran.registry.triage.grading import QUARANTINE, RECYCLE, REUSE, Grading
from kitaran.registry.triage.nameplate import Nameplate
from kitaran.registry.triage.recycling import recycling
from kitaran.registry.triage.safety import SAFE
from kitaran.registry.triage.ways import REFURBISH, Way, processes, second_uses, use_before
from kitaran.registry.triage.worth import Uses, Worth, of_use
from kitaran.registry.triage.years_left import years_left

Array = NDArray[np.float64]
Rows = NDArray[np.intp]
_LEAST_KWH, _MOST_KWH = 0.05, 2000.0
_HIGHEST_SOH = 1.1


@dataclass(frozen=True)
class Account:
    """One way, (test,) each, NaN where unknown; years (test, 3); emissions in kg of CO2 equivalents."""

    way: Way
    worth: Worth
    emissions_kg: Array
    years: Array

    @classmethod
    def unknown(cls, way: Way, size: int) -> Account:
        return cls(way, Worth.unknown(size), np.full(size, np.nan), np.full((size, 3), np.nan))


@dataclass(frozen=True)
class _Known:
    """Rows that can be valued, and what is asked about them: lot energy, share of the lot, condition."""

    rows: Rows
    kwh: Array
    share: Array
    condition: NDArray[np.str_]


def accounts(graded: Grading, plates: Nameplate, economy: str, as_of: str) -> tuple[Account, ...]:
    """Every way in the order of the cascade. Without an economy all amounts are unknown.

    Raises InputError for an economy or a day that cannot be.
    """
    size, overrides = len(graded.tests), graded.overrides
    fixed = (Way(REUSE, ""), Way(REFURBISH, ""), *second_uses(overrides), *processes(overrides))
    found = {way.name: Account.unknown(way, size) for way in (*fixed, Way(RECYCLE, ""))}
    if economy:
        known = _known(graded, plates)
        if known.rows.size:
            _Filling(graded, plates, economy, as_of, known).fill(found)
    return tuple(found.values())


def _known(graded: Grading, plates: Nameplate) -> _Known:
    valued = np.isin(plates.member, read("composition").meta.columns["chemistry"].values)
    rows = np.flatnonzero(np.isfinite(plates.kwh) & valued & (graded.grade != QUARANTINE))
    own = plates.kwh[rows]
    worked = np.where(
        plates.form[rows] == CELLS, graded.limits["lot_kwh"], np.clip(own, _LEAST_KWH, _MOST_KWH)
    )
    condition = np.where(graded.safety.verdict[rows] == SAFE, SOUND, UNKNOWN)
    return _Known(rows, worked, own / worked, condition)


class _Filling:
    """Fills the accounts of the rows that can be valued."""

    def __init__(self, graded: Grading, plates: Nameplate, economy: str, as_of: str, known: _Known) -> None:
        self.graded, self.plates, self.economy, self.known = graded, plates, economy, known
        self.book = Book({}, checked_day(as_of, graded.overrides), graded.overrides)
        self.emitted = use_emissions(economy, self.book)
        self.recycled = np.full(known.rows.size, np.nan)
        self.kg = np.full(known.rows.size, np.nan)

    def fill(self, found: dict[str, Account]) -> None:
        everything = np.arange(self.known.rows.size)
        for account in found.values():
            if account.way.kind not in (REUSE, REFURBISH, RECYCLE):
                used = self._use(account, account.way.of, everything)
                account.worth.put(self.known.rows, used.opened, self.known.share)
        self._as_before(found)
        self._recycle(found)

    def _as_before(self, found: dict[str, Account]) -> None:
        """Reuse and refurbishment, by what each battery drove."""
        whole, opened = found[REUSE], found[REFURBISH]
        rows, overrides = self.known.rows, self.graded.overrides
        pairs = zip(self.plates.form[rows].tolist(), self.plates.kwh[rows].tolist(), strict=True)
        drove = np.array([use_before(form, kwh, overrides) for form, kwh in pairs], dtype=np.str_)
        cells = self.plates.form[rows] == CELLS
        for use in sorted(set(drove.tolist()) - {""}):
            at = np.flatnonzero(drove == use)
            used = self._use(whole, use, at)
            here, share = rows[at], self.known.share[at]
            # nobody puts one cell back: cells that go back to the use of before are built anew
            for loose, worth in ((True, used.opened), (False, used.whole)):
                some = cells[at] == loose
                whole.worth.put(here[some], _some(worth, some), share[some])
            packs = ~cells[at]
            opened.worth.put(here[packs], _some(used.opened, packs), share[packs])
            opened.emissions_kg[here[packs]] = whole.emissions_kg[here[packs]]
            opened.years[here[packs]] = whole.years[here[packs]]

    def _use(self, account: Account, use: str, at: Rows) -> Uses:
        """Worth of a use for some of the known rows; writes emissions and years into the account."""
        health, known = self.graded.health, self.known
        rows = known.rows[at]
        soh, low, high = (
            np.clip(each[rows], 0.0, _HIGHEST_SOH) for each in (health.soh, health.low, health.high)
        )
        chemistry = self.plates.member[rows].tolist()
        batteries = lot(
            chemistry,
            known.kwh[at],
            self.economy,
            soh,
            low,
            high,
            None,
            self.plates.form[rows].tolist(),
            known.condition[at].tolist(),
            use,
            "car",
            None,
        )
        used = of_use(batteries, self.book)
        tested = self.emitted.test_kg_per_kwh * known.kwh[at] * np.where(np.isnan(soh), 1.0, soh)
        account.emissions_kg[rows] = (tested + self.emitted.way_kg_per_kg * used.kg) * known.share[at]
        sure = self.graded.health.in_domain[rows]
        told = [name for name, each in zip(chemistry, sure.tolist(), strict=True) if each]
        if told:
            account.years[rows[sure]] = years_left(told, self.economy, use, soh[sure], low[sure], high[sure])
        self.recycled[at], self.kg[at] = used.recycled_usd, used.kg
        return used

    def _recycle(self, found: dict[str, Account]) -> None:
        rows, share, overrides = self.known.rows, self.known.share, self.graded.overrides
        found[RECYCLE].worth.value_usd[rows] = self.recycled * share
        kinds = list(zip(self.plates.member[rows].tolist(), self.plates.form[rows].tolist(), strict=True))
        tonnes = self.graded.limits["recycling_plant_t"]
        for account in found.values():
            if account.way.kind != RECYCLE or not account.way.of:
                continue
            for chemistry, form in sorted(set(kinds)):
                per_kg = recycling(
                    account.way.of, chemistry, form, self.economy, tonnes, self.book.price_set, overrides
                )
                if per_kg is None:
                    continue
                at = np.flatnonzero([kind == (chemistry, form) for kind in kinds])
                kg = self.kg[at] * share[at]
                account.worth.value_usd[rows[at]] = self.recycled[at] * share[at]
                account.worth.after_work_usd[rows[at]] = per_kg.revenue_usd * kg
                account.worth.cost_usd[rows[at]] = per_kg.cost_usd * kg
                account.emissions_kg[rows[at]] = per_kg.emissions_kg * kg


def _some(worth: Worth, chosen: NDArray[np.bool_]) -> Worth:
    return Worth(worth.value_usd[chosen], worth.after_work_usd[chosen], worth.cost_usd[chosen])
