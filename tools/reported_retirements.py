"""Renew the tables of docs/reported-retirements.md from a run of China and the facts.

python tools/reported_retirements.py             say whether the page is out of date; exit 1 if it is
python tools/reported_retirements.py --write     renew it
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from pathlib import Path

from kitaran.planning import scenario
from kitaran.planning.scenario.assumptions import Assumptions
from kitaran.planning.scenario.forecast import Forecast
from kitaran.planning.scenario.region import Region
from kitaran.planning.scenario.reported import Decomposition, decompose, reported
from kitaran.planning.uncertainty.quantiles import quantiles
from kitaran.reference import Row

PAGE = Path(__file__).resolve().parents[1] / "docs" / "reported-retirements.md"
ECONOMY, SAMPLES, SEED = "CHN", 200, 1
YEARS = (2018, 2020, 2021, 2022, 2023, 2024, 2025, 2030)
FIRST_YEAR = 2010


def decomposition(samples: int = SAMPLES, seed: int = SEED) -> Decomposition:
    """What retires in China by the packaged facts, taken apart."""
    plain = scenario.load("asia-pacific")
    forecast = Forecast.of(plain, Region(Assumptions(plain, samples, seed, None), None), compared=False)
    return decompose(forecast, forecast.economy(ECONOMY))


def page(text: str, found: Decomposition) -> str:
    """The page with its tables renewed."""
    for name, table in (("terms", terms(found)), ("counts", counts(found)), ("reports", reports())):
        begin, end = f"<!-- {name} -->", f"<!-- end of {name} -->"
        before, _, rest = text.partition(begin)
        _, _, after = rest.partition(end)
        text = f"{before}{begin}\n\n{table}\n\n{end}{after}"
    return text


def terms(found: Decomposition) -> str:
    """Each term by year, mean of the samples [kt]."""
    by_year = {year: found.in_year(year) for year in YEARS}
    rows = [[name, *(_kt(by_year[year][name]) for year in YEARS)] for name in found.terms]
    total = ["**together**", *(f"**{_kt(sum(by_year[year].values()))}**" for year in YEARS)]
    return _table(["kt", *YEARS], [*rows, total])


def counts(found: Decomposition) -> str:
    """Ours beside what was counted or told, by year: P10, P50, P90 of the year and of all years so far."""
    counted = {row.year: row for row in reported(ECONOMY).where(measure="used_traction")}
    so_far = {row.year: row for row in reported(ECONOMY).where(measure="retired_so_far", unit="t")}
    rows = []
    for year in YEARS:
        at = year - FIRST_YEAR
        ours = _band(*(float(part) / 1e3 for part in quantiles(found.total[at])))
        sum_ = _band(*(float(part) / 1e3 for part in quantiles(found.total[: at + 1].sum(axis=0))))
        rows.append([year, ours, _said(counted.get(year)), sum_, _said(so_far.get(year))])
    return _table(["year", "ours, kt", "ministry, kt", "ours so far, kt", "told so far, kt"], rows)


def reports() -> str:
    """Every reported figure and what it counts."""
    rows = sorted(
        reported(ECONOMY), key=lambda row: (row.text("measure"), row.year or 0, row.text("said_in"))
    )
    return _table(
        ["counts", "year", "kind", "said in", "figure", "source", "grade"],
        (
            [
                *(row.text(name) for name in ("measure", "year", "basis", "said_in")),
                *(_figure(row), f"`{row.source}`", row.grade),
            ]
            for row in rows
        ),
    )


def _figure(row: Row) -> str:
    low, high = row.span
    scale = 1e3 if row.unit == "t" else 1.0
    unit = "kt" if row.unit == "t" else row.unit
    if row.value is None:
        return f"{low / scale:,.0f} to {high / scale:,.0f} {unit}"
    return f"{row.central / scale:,.4g} {unit}"


def _said(row: Row | None) -> str:
    return "" if row is None else f"{row.central / 1e3:,.0f}"


def _band(low: float, middle: float, high: float) -> str:
    return f"{middle:,.0f} ({low:,.0f} to {high:,.0f})"


def _kt(tonnes: float) -> str:
    return f"{tonnes / 1e3:,.0f}"


def _table(heads: Sequence[object], rows: Iterable[Sequence[object]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--write", action="store_true", help="renew the page")
    arguments = parser.parse_args()
    text = PAGE.read_text(encoding="utf-8")
    renewed = page(text, decomposition())
    if arguments.write:
        PAGE.write_text(renewed, encoding="utf-8")
        return 0
    print("up to date" if renewed == text else f"{PAGE.name} is out of date: run with --write")
    return int(renewed != text)


if __name__ == "__main__":
    raise SystemExit(main())
