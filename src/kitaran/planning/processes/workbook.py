"""An evaluation as an XLSX workbook whose formulas recompute it: one sheet a place, every step a line."""

from __future__ import annotations

import io
from collections.abc import Sequence

import numpy as np
from openpyxl import Workbook

from kitaran.foundation.errors import InputError
from kitaran.planning.processes.asking import sources
from kitaran.planning.processes.burdens import greenhouse_factors
from kitaran.planning.processes.chain import Evaluation, Plant
from kitaran.planning.processes.plant_lines import plant_lines
from kitaran.planning.processes.prices import METAL_OF_PRODUCT
from kitaran.planning.processes.remarks import remarks
from kitaran.planning.processes.worksheet import Lines, added, number

SHEET_NAME_LENGTH = 31


def workbook(answers: Sequence[Evaluation]) -> bytes:
    """XLSX of up to four evaluations of one scale each; InputError if one holds a curve.

    Price of the feed, prices, place, flows, equipment, capital, cost, revenue, emissions and transport are
    live; composition after pre-processing follows it. The price of renewed cathode material and the cost of
    disassembly are inputs, computed by the model.
    """
    book = Workbook()
    about = book.active
    for answer in answers:
        if np.size(answer.case.throughput_t) != 1:
            raise InputError("A workbook holds one scale.", "throughput_t", "Ask for one throughput.")
        name = f"{answer.case.place.code} {answer.case.route}"[:SHEET_NAME_LENGTH]
        _sheet(Lines(book.create_sheet(name), f"{answer.case.place.name}: {answer.case.route}"), answer)
    _about(about, answers)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _about(sheet: object, answers: Sequence[Evaluation]) -> None:
    """What the workbook is, what to know of it, and its sources."""
    sheet.title = "About"  # type: ignore[attr-defined]
    rows: list[list[str]] = [["Kitaran: recycling plants"], ["Equations: docs/plants.md"], []]
    for answer in answers:
        rows += [[answer.case.place.name], *([note] for note in remarks(answer)), []]
    rows.append(["Sources"])
    known = {each["source"]: each for answer in answers for each in sources(answer)}
    rows += [[f"{each['title']} ({each['publisher']}). {each['url']}"] for each in known.values()]
    for row in rows:
        sheet.append(row)  # type: ignore[attr-defined]
    sheet.column_dimensions["A"].width = 120  # type: ignore[attr-defined]


def _sheet(lines: Lines, answer: Evaluation) -> None:
    asked = answer.case
    lines.heading("Feed")
    lines.given("t", "Feed", _one(asked.throughput_t), "t/year")
    _place(lines, answer)
    _prices(lines, answer)
    _fee(lines, answer)
    for prefix, plant in _plants(answer):
        if plant is not None:
            plant_lines(lines, answer, plant, prefix)
    _transport(lines, answer)
    _result(lines, answer)


def _place(lines: Lines, answer: Evaluation) -> None:
    asked = answer.case
    lines.heading(f"Place: {asked.place.name}")
    notes = {each.parameter: each for each in asked.place.figures}
    for name, value in asked.place.parameters.items():
        each = notes.get(name)
        note = f"grade {each.grade}, {each.row}" + (", proxy" if each.proxy_for else "") if each else ""
        lines.given(name, name.replace("_", " "), _one(value), each.unit if each else "", note)
    for carrier, factor in greenhouse_factors(asked.place, asked.figures).items():
        lines.given(f"ghg {carrier}", f"Greenhouse gases of {carrier}", _one(factor), "g/mmBtu")
    lines.given("rate", "Discount rate", _one(asked.finance.rate), "1/year")
    lines.given("years", "Life of the plant", _one(asked.finance.years), "year")


def _prices(lines: Lines, answer: Evaluation) -> None:
    prices = answer.case.prices
    lines.heading(f"Prices of {prices.price_set}")
    for name, value in prices.metal.items():
        lines.given(f"metal {name}", name, _one(value), "USD/kg")
    plants = [plant for plant in (answer.preprocessing, answer.recovery) if plant]
    for name in sorted({name for plant in plants for name in plant.flows.reagents} | {"Lithium Carbonate"}):
        lines.given(f"price {name}", name, _one(prices.reagent[name]), "USD/kg")
    for name in sorted({name for plant in plants for name in plant.flows.products} - {"black_mass"}):
        label = name.replace("_", " ")
        if name in METAL_OF_PRODUCT:
            metal = METAL_OF_PRODUCT[name]
            lines.formula(f"worth {name}", label, f"{{metal {metal}}}", "USD/kg", "at the price of the metal")
        else:
            lines.given(f"worth {name}", label, _worth(answer, name), "USD/kg")


def _worth(answer: Evaluation, product: str) -> float:
    """Price of a product; renewed cathode material as the model values it."""
    asked = answer.case
    chemistry = product.removeprefix("cathode_")
    if chemistry == product:
        return _one(asked.prices.product[product])
    if chemistry == asked.streams[0].chemistry:
        return _one(answer.cathode_price_usd)
    return _one(asked.prices.given_cathode.get(chemistry, asked.prices.cathode[chemistry]))


def _fee(lines: Lines, answer: Evaluation) -> None:
    """The price of each stream: shares of its metals, or a sum of the user."""
    asked = answer.case
    lines.heading("Price of the feed: positive is paid, negative is received")
    for at, stream in enumerate(asked.streams, 1):
        name = f"{stream.chemistry} {stream.feed}"
        share = stream.throughput_t / asked.throughput_t
        lines.given(f"share {at}", f"Share of {name}", _one(share), "kg/kg")
        if asked.changes.fee is not None:
            lines.given(f"fee {at}", f"Price of {name}", _one(asked.changes.fee), "USD/kg", "given")
            continue
        rule = asked.fee_rule(stream)
        for key, (label, value, unit) in {
            "fixed": ("fixed", rule.fixed_usd, "USD/kg"),
            "phi": ("payable share of cobalt and nickel", rule.nickel_cobalt, "1"),
            "li": ("payable share of lithium", rule.lithium, "1"),
            "co": ("cobalt", rule.contained["Co"], "kg/kg"),
            "ni": ("nickel", rule.contained["Ni"], "kg/kg"),
            "carbonate": ("lithium as carbonate", rule.carbonate_kg, "kg/kg"),
        }.items():
            lines.given(f"{key} {at}", f"{name}: {label}", _one(value), unit)
        lines.formula(
            f"fee {at}",
            f"Price of {name}",
            f"{{fixed {at}}} + {{phi {at}}} * ({{co {at}}} * {{metal Co}} + {{ni {at}}} * {{metal Ni}})"
            f" + {{li {at}}} * {{carbonate {at}}} * {{price Lithium Carbonate}}",
            "USD/kg",
        )


def _transport(lines: Lines, answer: Evaluation) -> None:
    lines.heading("Transport")
    limit = number(answer.case.figures.parameter["transport"]["truck_class_threshold"])
    parts = []
    for segment in answer.transport.segments:
        at = segment.number
        label = segment.meaning
        miles = lines.given(f"miles {at}", f"{label}: distance", _one(segment.miles), "mile")
        mass = lines.given(f"moved {at}", f"{label}: carried", _one(segment.moved), "kg/kg")
        packing = lines.given(
            f"packing {at}", f"{label}: packaging", _one(segment.packaging_usd), "USD/kg feed"
        )
        heavy, medium = (number(_one(segment.usd_per_mile[truck])) for truck in ("heavy", "medium"))
        cost = f"{miles} * {mass} * IF({miles} > {limit}, {heavy}, {medium}) + {packing}"
        parts.append(lines.formula(f"transport {at}", label, cost, "USD/kg"))
    lines.formula("transport", "Transport", added(parts), "USD/kg")


def _result(lines: Lines, answer: Evaluation) -> None:
    lines.heading("Per kg of feed")
    prefixes = [prefix for prefix, plant in _plants(answer) if plant is not None]
    for key, label, unit in (
        ("cost", "Cost of pre-processing and recovery", "USD"),
        ("revenue", "Revenue", "USD"),
        ("ghg", "Greenhouse gases", "g CO2e"),
    ):
        terms = [f"{{{prefix} {key}}} * {{{prefix} t}} / {{t}}" for prefix in prefixes]
        lines.formula(key, label, added(terms), unit)
    apart = answer.disassembly
    lines.given("disassembly", "Disassembly", _one(apart.cost_usd), "USD", "computed by the model")
    lines.given("parts", "Parts sold by disassembly", _one(apart.revenue_usd), "USD", "computed by the model")
    lines.formula(
        "margin", "What is left", "{revenue} + {parts} - {cost} - {transport} - {disassembly}", "USD"
    )


def _plants(answer: Evaluation) -> tuple[tuple[str, Plant | None], ...]:
    return (("pre", answer.preprocessing), ("rec", answer.recovery))


def _one(value: object) -> float:
    return float(np.asarray(value, np.float64).reshape(-1)[0])
