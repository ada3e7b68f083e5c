"""What is published on the electric vehicles of one economy and class: sold, in use, shares, plug-in hybrids.

Sources count in classes of their own. A joint count of two- and three-wheelers is split by the economy's own
counts where it has them, else by class_split; a count of all classes by the classes known in the nearest
year, else by share_of_all. A part has the weaker grade of its count and of its split.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from kitaran.foundation.errors import NotFoundError
from kitaran.planning.fleet.figures import Figure, from_row, spanning, total
from kitaran.reference import FactTable, Row, find, read

VEHICLE_CLASSES = ("e_bike", "two_wheeler", "three_wheeler", "car", "van", "bus", "truck")
JOINT = "two_three_wheeler"
_JOINED = ("two_wheeler", "three_wheeler")
_SAME_SCOPE_YEARS = 2
_COUNTED = (*VEHICLE_CLASSES, JOINT, "all")
_SALES_BASES = ("annual", "fiscal_year")
_STOCK_BASES = ("year_end", "cumulative", "within_year")
_MONTHS_ENOUGH = 6

Yearly = Mapping[int, Figure]


@dataclass(frozen=True)
class History:
    """Published figures of one economy and class by year; years without any are absent.

    sold, in_use : electric vehicles, battery-electric and plug-in hybrid together  [vehicle]
    rise         : rise of published stock beyond the same year's sales and rounding [vehicle]
    share        : electric share of all vehicles sold                               [fraction]
    hybrids      : plug-in hybrids among those sold, where the source splits them    [fraction]
    """

    economy: str
    vehicle_class: str
    sold: Yearly
    in_use: Yearly
    rise: Mapping[int, float]
    share: Yearly
    hybrids: Yearly

    @property
    def last_year(self) -> int:
        """Last year with a figure of sales or stock."""
        return max([*self.sold, *self.in_use])


def histories(economy: str, overrides: Path | None = None) -> dict[str, History]:
    """Everything published on the electric vehicles of an economy, by class."""
    sales = read("ev_sales", overrides).where(economy=economy).resolve()
    stock = read("ev_stock", overrides).where(economy=economy).resolve()
    shares = read("ev_sales_share", overrides).where(economy=economy, path="historical").resolve()
    split = _Split(economy, overrides)
    sold_as_counted, in_use_as_counted = _sales_as_counted(sales), _stock_as_counted(stock)
    found = {}
    for name in VEHICLE_CLASSES:
        sold, in_use = _divided(sold_as_counted, name, split), _divided(in_use_as_counted, name, split)
        rise = _unexplained_rise(sold, in_use)
        found[name] = History(
            economy, name, sold, in_use, rise, _shares(shares, name), _hybrid_shares(sales, name)
        )
    return found


class _Split:
    """How joint counts of one economy are divided."""

    def __init__(self, economy: str, overrides: Path | None) -> None:
        self.economy = economy
        self._three_wheelers = read("class_split", overrides)
        self._of_all = read("vehicle_market", overrides).where(parameter="share_of_all")

    def of_joint(self, vehicle_class: str, year: int, own: Mapping[str, Yearly]) -> Figure:
        """Part of a count of two- and three-wheelers that is `vehicle_class`."""
        both = [own[part].get(year) for part in _JOINED]
        if all(both):
            counts = {part: figure for part, figure in zip(_JOINED, both, strict=True) if figure}
            whole = sum(figure.value for figure in counts.values())
            part = counts[vehicle_class]
            ratio = part.value / whole if whole else 0.0
            return Figure(ratio, ratio, ratio, part.grade, part.rows)
        figure = self._table_split(year)
        return figure if vehicle_class == "three_wheeler" else _complement(figure)

    def _table_split(self, year: int) -> Figure:
        found = find(self._three_wheelers, self.economy, share_of="three_wheeler")
        rows = found.table.resolve().rows
        nearest = min(rows, key=lambda row: (row.year == 0, abs((row.year or 0) - year)))
        return from_row(nearest, found.grade(nearest))

    def of_all(self, vehicle_class: str, year: int, by_class: Mapping[str, Yearly]) -> Figure | None:
        """Part of a count of all classes that is `vehicle_class`; None if it holds none."""
        known = sorted({y for yearly in by_class.values() for y in yearly}, key=lambda y: abs(y - year))
        if known:
            counts = {name: yearly[known[0]] for name, yearly in by_class.items() if known[0] in yearly}
            whole = sum(figure.value for figure in counts.values())
            if vehicle_class not in counts or not whole:
                return None
            part = counts[vehicle_class]
            ratio = part.value / whole
            return Figure(ratio, ratio, ratio, part.grade, part.rows)
        try:
            found = find(self._of_all, self.economy, vehicle_class=vehicle_class)
        except NotFoundError:
            return None
        row = found.table.resolve().rows[0]
        return from_row(row, found.grade(row))


def _complement(share: Figure) -> Figure:
    return Figure(1 - share.value, 1 - share.high, 1 - share.low, share.grade, share.rows)


def _sales_as_counted(table: FactTable) -> dict[str, Yearly]:
    """Counts of whole years by class as the sources have it; of part of a year where there is nothing
    else."""
    whole = _by_class(row for row in table if row.text("basis") in _SALES_BASES)
    part = _by_class(row for row in table if row.text("basis") == "part_year" and row.number("months"))
    return {
        name: {**_by_year(part.get(name, ()), _to_twelve_months), **_by_year(whole.get(name, ()), from_row)}
        for name in _COUNTED
    }


def _stock_as_counted(table: FactTable) -> dict[str, Yearly]:
    """Stock by class as the sources have it; the best basis of a year rules."""
    by_basis = [
        _by_class(row for row in table if row.text("basis") == basis) for basis in reversed(_STOCK_BASES)
    ]
    return {
        name: {y: figure for rows in by_basis for y, figure in _by_year(rows.get(name, ()), from_row).items()}
        for name in _COUNTED
    }


def _by_class(rows: Iterable[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row.text("vehicle_class"), []).append(row)
    return found


def _divided(by_class: Mapping[str, Yearly], vehicle_class: str, split: _Split) -> Yearly:
    """Figures of a class: its own, and its part of joint counts in years without an own figure."""
    figures: dict[int, Figure] = {}
    own = {name: by_class[name] for name in VEHICLE_CLASSES}
    for year, count in by_class["all"].items():
        inside = {name: yearly for name, yearly in own.items() if _is_counted_in(count, year, yearly)}
        if own[vehicle_class] and vehicle_class not in inside:
            continue
        part = split.of_all(vehicle_class, year, {name: y for name, y in inside.items() if y})
        if part is not None and part.value > 0:
            figures[year] = count.times(part)
    if vehicle_class in _JOINED:
        for year, count in by_class[JOINT].items():
            figures[year] = count.times(split.of_joint(vehicle_class, year, own))
    figures.update(own[vehicle_class])
    return dict(sorted(figures.items()))


def _is_counted_in(count: Figure, year: int, own: Yearly) -> bool:
    """Whether a count of all classes can hold a class, judged from the class's own count shortly before.

    Registered electric vehicles are some hundreds where millions of unregistered easy bikes run: a count
    of all that is smaller than one class's own speaks of other vehicles.
    """
    before = [y for y in own if year - _SAME_SCOPE_YEARS <= y <= year]
    return not before or own[max(before)].low <= count.high


def _to_twelve_months(row: Row) -> Figure:
    months = row.number("months") or 12.0
    whole = 12.0 / months
    seen = from_row(row)
    figure = replace(seen, value=seen.value * whole, high=seen.high * whole)
    return figure if months >= _MONTHS_ENOUGH else figure.weakened()


def _by_year(rows: Iterable[Row], figure_of: Callable[[Row], Figure]) -> Yearly:
    """Battery-electric and plug-in hybrid counts of one class by year."""
    found: dict[int, dict[str, list[Figure]]] = {}
    for row in rows:
        if row.year is not None and row.central >= 0:
            found.setdefault(row.year, {}).setdefault(row.text("powertrain"), []).append(figure_of(row))
    return {year: _combined(by_powertrain) for year, by_powertrain in sorted(found.items())}


def _combined(by_powertrain: Mapping[str, list[Figure]]) -> Figure:
    """One count of a year: split counts added, an unsplit count beside them widens the range."""
    best = {name: _agreed(figures) for name, figures in by_powertrain.items()}
    split = [best[name] for name in ("BEV", "PHEV") if name in best]
    if not split:
        return best["EV"]
    whole = total(split)
    if "EV" not in best:
        return whole
    return spanning(whole, best["EV"]) if whole.grade <= best["EV"].grade else spanning(best["EV"], whole)


def _agreed(figures: list[Figure]) -> Figure:
    ordered = sorted(figures, key=lambda figure: figure.grade)
    best = ordered[0]
    for other in ordered[1:]:
        best = spanning(best, other)
    return best


def _unexplained_rise(sold: Yearly, in_use: Yearly) -> Mapping[int, float]:
    """Rise of stock beyond sales, less what rounding of the three counts can make."""
    rise: dict[int, float] = {}
    for year, stock in in_use.items():
        before, sales = in_use.get(year - 1), sold.get(year)
        if before is None or sales is None:
            continue
        slack = stock.rounding + before.rounding + sales.rounding
        rise[year] = max(0.0, stock.value - before.value - sales.value - slack)
    return rise


def _shares(table: FactTable, vehicle_class: str) -> Yearly:
    rows = [
        row for row in table if row.text("vehicle_class") == vehicle_class and row.year and row.central > 0
    ]
    return {row.year: from_row(row) for row in rows if row.year}


def joint_market(economy: str, overrides: Path | None = None) -> Figure | None:
    """All two- and three-wheelers sold in a year: latest joint sales over the latest joint share."""
    sales = read("ev_sales", overrides).where(economy=economy, vehicle_class=JOINT).resolve()
    shares = read("ev_sales_share", overrides).where(economy=economy, path="historical").resolve()
    return market_from_share(_sales_as_counted(sales)[JOINT], _shares(shares, JOINT))


def market_from_share(sold: Yearly, share: Yearly, years: int = 3) -> Figure | None:
    """All vehicles sold in a year, from electric sales and their share, over the latest years that have both.

    The mean of the latest `years`; low and high are its smallest and largest year.
    """
    both = sorted(year for year in sold if year in share and sold[year].value >= 50)[-years:]
    if not both:
        return None
    each = [sold[year].value / share[year].value for year in both]
    rows = tuple(row for year in both for row in (*sold[year].rows, *share[year].rows))
    grade = max(max(sold[year].grade, share[year].grade) for year in both)
    return Figure(sum(each) / len(each), min(each), max(each), grade, rows)


def _hybrid_shares(table: FactTable, vehicle_class: str) -> Yearly:
    """Plug-in hybrids among the battery-electric and plug-in hybrid vehicles of a year."""
    whole = [
        row
        for row in table
        if row.text("vehicle_class") == vehicle_class and row.text("basis") in _SALES_BASES
    ]
    electric, hybrid = (
        {row.year: from_row(row) for row in whole if row.year and row.text("powertrain") == name}
        for name in ("BEV", "PHEV")
    )
    shares: dict[int, Figure] = {}
    for year in sorted(set(electric) & set(hybrid)):
        both = electric[year].value + hybrid[year].value
        if both > 0:
            ratio, grade = hybrid[year].value / both, max(electric[year].grade, hybrid[year].grade)
            shares[year] = Figure(ratio, ratio, ratio, grade, hybrid[year].rows + electric[year].rows)
    return shares
