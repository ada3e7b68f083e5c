"""Asking the plant model: from names and numbers to an evaluation, and the evaluation as plain data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from kitaran import reference
from kitaran.foundation.errors import InputError
from kitaran.planning.processes.capital import Array
from kitaran.planning.processes.case import (
    BATTERIES,
    MOST_STREAMS,
    ROUTES,
    Changes,
    Stream,
    changes,
    known_word,
    stream,
)
from kitaran.planning.processes.chain import Case, Evaluation, Plant
from kitaran.planning.processes.evaluation import evaluate
from kitaran.planning.processes.figures import Figures, figures
from kitaran.planning.processes.places import Place, place, published_place
from kitaran.planning.processes.plant_cost import Finance
from kitaran.planning.processes.prices import OLDER_SET, price_list
from kitaran.planning.processes.remarks import remarks
from kitaran.planning.processes.slips import LEGACY, MENDED, Slips

Mix = Sequence[tuple[str, str, ArrayLike]]


def cost(
    route: str,
    chemistry: str,
    feed: str,
    throughput_t: ArrayLike,
    location: str,
    battery: str = "cell",
    legacy: bool = False,
    changed: Mapping[str, Any] | Changes | None = None,
    price_set: str = OLDER_SET,
    overrides: Path | None = None,
) -> Evaluation:
    """Cost, revenue, burdens and products of recycling one feed; a whole cost curve in one call.

    route        : pyrometallurgical, hydrometallurgical or direct
    chemistry    : LCO, NMC111, NMC532, NMC622, NMC811, NCA, LMO, LFP
    feed         : eol_cell, eol_module, eol_pack, rejected_cells, electrode_scrap, black_mass
    throughput_t : (sample,) or a number [t/year]
    location     : ISO 3166 alpha-3 code, or USA-CA; with `legacy` one of USA, USA-CA, CHN, KOR
    changed      : figures that the caller sets, as in the file of --overrides; `Changes` may hold draws,
                   (sample,) each, that go through the whole chain in one call
    overrides    : folder of a workspace's own rows
    InputError names what cannot be used. See docs/plants.md for every equation.
    """
    return evaluate(
        case(
            route,
            [(chemistry, feed, throughput_t)],
            location,
            battery=battery,
            slips=LEGACY if legacy else MENDED,
            changed=changed,
            price_set=price_set,
            published=legacy,
            overrides=overrides,
        )
    )


def case(
    route: str,
    mix: Mix,
    location: str,
    battery: str = "cell",
    slips: Slips = MENDED,
    changed: Mapping[str, Any] | Changes | None = None,
    price_set: str = OLDER_SET,
    published: bool = False,
    overrides: Path | None = None,
) -> Case:
    """A checked case of up to five streams (chemistry, feed, t/year).

    published : take the place's figures from the published model (four places) instead of our tables
    """
    known = figures(overrides)
    known_word(route, ROUTES, "route")
    known_word(battery, BATTERIES, "battery")
    change = changed if isinstance(changed, Changes) else changes(changed or {}, known)
    streams = _streams(mix, known, change.shape)
    where = published_place(location, overrides) if published else place(location, overrides)
    where = where.with_electricity(change.electricity)
    prices = price_list(
        known,
        slips,
        price_set,
        metal=change.metal,
        reagent=change.reagent,
        crude_carbonate=change.crude_carbonate,
        cathode=change.cathode_price,
    )
    capital = known.parameter["capital"]
    rate = capital["r_discount"] if change.discount is None else change.discount
    finance = Finance(np.asarray(rate, np.float64), np.asarray(capital["n_plant_life"], np.float64))
    recycling, cathode = _places(where, change)
    return Case(route, battery, streams, recycling, cathode, prices, finance, change, slips, known)


def _places(where: Place, change: Changes) -> tuple[Place, Place]:
    """The place of the recycling plants and that of the cathode plant, each with what the user sets."""
    return where.with_parameters({**change.geo_both, **change.geo}), where.with_parameters(change.geo_both)


def _streams(mix: Mix, known: Figures, shape: tuple[int, ...]) -> tuple[Stream, ...]:
    """Checked streams whose tonnages have the shape of all draws."""
    if not 1 <= len(mix) <= MOST_STREAMS:
        raise InputError(
            f"A plant takes 1 to {MOST_STREAMS} streams, not {len(mix)}.", "mix", "Join or drop streams."
        )
    found = [stream(chemistry, feed, tonnes, known) for chemistry, feed, tonnes in mix]
    *tonnes, _draws = np.broadcast_arrays(*(each.throughput_t for each in found), np.empty(shape))
    return tuple(
        Stream(each.chemistry, each.feed, np.array(own, np.float64))
        for each, own in zip(found, tonnes, strict=True)
    )


def as_dict(answer: Evaluation) -> dict[str, Any]:
    """The answer as plain numbers, lists where several scales were asked, named as on the command line."""
    apart, carried = answer.disassembly, answer.transport
    asked = answer.case
    sold = answer.black_mass_margin_usd
    return {
        "route": asked.route,
        "battery": asked.battery,
        "streams": [
            {"chemistry": s.chemistry, "feed": s.feed, "throughput_t": plain(s.throughput_t)}
            for s in asked.streams
        ],
        "location": asked.place.code,
        "price_set": asked.prices.price_set,
        "cost_usd": plain(answer.cost_usd),
        "revenue_usd": plain(answer.revenue_usd),
        "energy_mj": plain(answer.burdens.energy_mj),
        "water_gal": plain(answer.burdens.water_gal),
        "ghg_g": plain(answer.burdens.ghg_g),
        "transport_usd": plain(carried.cost_usd),
        "transport_energy_mj": plain(carried.burdens.energy_mj),
        "transport_water_gal": plain(carried.burdens.water_gal),
        "transport_ghg_g": plain(carried.burdens.ghg_g),
        "disassembly_usd": plain(apart.cost_usd),
        "disassembly_pack_to_module_usd": plain(apart.pack_to_module_usd),
        "disassembly_module_to_cell_usd": plain(apart.module_to_cell_usd),
        "disassembly_revenue_usd": plain(apart.revenue_usd),
        "margin_usd": plain(answer.margin_usd),
        "black_mass_margin_usd": None if sold is None else plain(sold),
        "fee_usd": plain(answer.fee_usd),
        "cathode_price_usd": plain(answer.cathode_price_usd),
        "recovered_kg": {name: plain(kilograms) for name, kilograms in sorted(answer.products.items())},
        "plants": {
            "preprocessing": _plant(answer.preprocessing),
            "recovery": _plant(answer.recovery),
        },
        "place": [figure.as_dict() for figure in asked.place_figures],
        "slips_kept": [name for name, kept in vars(asked.slips).items() if kept],
        "notes": remarks(answer),
        "sources": sources(answer),
    }


def _plant(plant: Plant | None) -> dict[str, Any] | None:
    if plant is None:
        return None
    return {
        name: value if isinstance(value, float) else plain(value)
        for name, value in plant.cost.as_dict().items()
    } | {
        "unit_cost_usd": plain(plant.cost.unit_cost),
        "revenue_usd_per_kg": plain(plant.revenue_usd),
        "parts_usd": {name: plain(value) for name, value in plant.cost.parts.items()},
        "equipment_usd": {name: plain(value) for name, value in plant.cost.equipment.items()},
    }


def plain(value: Array) -> Any:
    """A number, or a list of numbers."""
    return np.asarray(value, np.float64).tolist()


def sources(answer: Evaluation) -> list[dict[str, str]]:
    """The sources behind an answer: of the model's tables and of the place, with title and address."""
    asked = answer.case
    model = {name: set(ids) for name, ids in asked.figures.sources.items()}
    used = model[""] | model[OLDER_SET] | model[asked.prices.price_set]
    used |= {each.source for each in asked.place_figures}
    return [
        {name: row.text(name) for name in ("source", "title", "publisher", "url", "licence")}
        for row in reference.read("sources")
        if row.text("source") in used
    ]
