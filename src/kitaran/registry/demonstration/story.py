"""The invented story: cars, scooters, buses and e-rickshaws, from the maker to second life and recycling."""

from __future__ import annotations

from typing import Any, Final

from kitaran.registry.demonstration.teller import Teller
from kitaran.registry.passport.kinds import item_of

MAKER: Final = "example-cells"
MOTORS: Final = "example-motors"
SWAP: Final = "example-swap"
BUSES: Final = "example-buses"
YARD: Final = "example-yard"
SECOND: Final = "example-second-life"
RECYCLER: Final = "example-recycling"
_CAR_AH: Final = 150.0
_SCOOTER_AH: Final = 31.0
_BUS_AH: Final = 150.0


def tell(teller: Teller) -> None:
    """All of it, in the order of time for each battery."""
    teller.enter_all()
    cars(teller)
    scooters(teller)
    buses(teller)
    rickshaws(teller)
    unlabelled(teller)


def cars(teller: Teller) -> None:
    """Fourteen packs: sold, driven, some come back: rebuilt, repurposed, recycled, waste, returned."""
    made = [
        teller.issue(MAKER, "example-car-lfp", f"EXC-{1000 + number}", 1_500 - 70 * number, "372")
        for number in range(14)
    ]
    for number, one in enumerate(made[:12]):
        sold = 1_480 - 70 * number
        teller.hand_over(MAKER, MOTORS, [one], sold, "sale")
        teller.install(MOTORS, [one], sold - 10, "vehicle", f"car-{101 + number}")
        _yearly(teller, one, sold - 10, _CAR_AH, 0.022)
    old = made[:6]
    for one in old:
        teller.take_out(MOTORS, [one], 140, "Vehicle scrapped")
    teller.hand_over(MOTORS, MAKER, [old[5]], 130, "return", condition="Warranty")
    teller.hand_over(MOTORS, YARD, old[:4], 130, "sale", facility="example-yard-north")
    teller.offer(MOTORS, YARD, [old[4]], 5, "sale", condition="Dry, connectors covered")
    _rebuilt(teller, old[0])
    teller.hand_over(YARD, SECOND, [old[1]], 100, "sale", facility="example-workshop")
    account = "Tested at 81 %, rebuilt as a home store."
    store = teller.repurpose(SECOND, old[1], "example-home-store", "EXH-1", 60, account, teller.new_id())
    teller.read(SECOND, store, 58, **_measured("remaining_capacity_ah", "81.0"))
    teller.change(YARD, "became_waste", old[2], 110, "Water in the case; not to be used again.")
    teller.hand_over(YARD, RECYCLER, [old[2]], 90, "treatment", facility="example-plant")
    teller.change(RECYCLER, "ceased", old[2], 70, "Shredded; black mass EXB-1.")
    teller.change(YARD, "became_waste", old[3], 20, "Swollen modules; stands in quarantine.")


def _rebuilt(teller: Teller, battery: str) -> None:
    """One pack is opened, and four of its modules become a new store."""
    teller.hand_over(YARD, SECOND, [battery], 100, "sale", facility="example-workshop")
    modules = [teller.new_id() for _ in range(6)]
    parts = [{"item": item_of(one), "form": "module", "count": 1, "mass_kg": "48"} for one in modules]
    teller.split(SECOND, battery, parts, 85)
    store = teller.new_id()
    result = {"item": item_of(store), "form": "pack", "count": 1, "mass_kg": "190"}
    takes = [{"item": item_of(one), "count": 1, "mass_kg": "48"} for one in modules[:4]]
    teller.merge(SECOND, result, takes, 75)
    account = "Opened; four of six modules make a home store."
    teller.repurpose(SECOND, battery, "example-home-store", "EXH-2", 74, account, store)


def scooters(teller: Teller) -> None:
    """Sixteen swap packs on lease; four are worn and wait to be handed over."""
    made = [
        teller.issue(MAKER, "example-scooter-nmc", f"EXS-{2000 + number}", 800 - 10 * number, "11.5")
        for number in range(16)
    ]
    leased = made[:14]
    teller.hand_over(MAKER, SWAP, leased, 640, "battery_as_a_service", passes="possession")
    teller.install(SWAP, leased, 630, "swap_pool", "pool-east")
    for one in leased[:8]:
        _yearly(teller, one, 630, _SCOOTER_AH, 0.09)
    teller.take_out(SWAP, leased[:4], 30, "Worn")
    teller.hand_over(SWAP, MAKER, leased[:2], 20, "return", passes="possession")
    teller.offer(SWAP, MAKER, leased[2:4], 4, "return", passes="possession")
    teller.change(MAKER, "repaired", leased[0], 12, "New management board.")


def buses(teller: Teller) -> None:
    """Six packs in three buses."""
    made = [
        teller.issue(MAKER, "example-bus-lfp", f"EXP-{3000 + number}", 1_100, "640") for number in range(6)
    ]
    teller.hand_over(MAKER, BUSES, made, 1_080, "sale")
    for bus in range(3):
        pair = made[2 * bus : 2 * bus + 2]
        teller.install(BUSES, pair, 1_060, "vehicle", f"bus-{bus + 1}")
    for one in made:
        _yearly(teller, one, 1_060, _BUS_AH, 0.03)


def rickshaws(teller: Teller) -> None:
    """A lot of lead-acid batteries, by weight, on its way to the recycler; and what came out of another."""
    lot = teller.take_in(
        YARD, 40, what="lead_acid_lot", mass_kg="1260", count=45, chemistry="lead_acid", known_by="declared"
    )
    teller.begin(YARD, lot, 40, form="pack", count=45, mass_kg="1260", facility="example-yard-north")
    teller.offer(YARD, RECYCLER, [lot], 3, "treatment")
    black_mass = teller.take_in(
        RECYCLER,
        65,
        what="black_mass",
        mass_kg="118",
        chemistry="LFP",
        known_by="tested",
        moisture_percent="4.2",
        assay=[{"item": "Li", "percent": "3.6"}, {"item": "Cu", "percent": "1.1"}],
    )
    teller.begin(RECYCLER, black_mass, 65, form="other", mass_kg="118", facility="example-plant")


def unlabelled(teller: Teller) -> None:
    """Two scooter packs without a legible label."""
    for number, label in enumerate(("NMC? 48V", "unreadable")):
        one = teller.take_in(
            YARD,
            25 - number,
            what="pack",
            mass_kg="12.5",
            label=label,
            chemistry="unknown",
            known_by="unknown",
            condition="Case cracked" if number else "Dry",
        )
        teller.begin(YARD, one, 25 - number, mass_kg="12.5", facility="example-yard-north")


def _yearly(teller: Teller, battery: str, since: int, capacity_ah: float, fade: float) -> None:
    """What the management system told each year: capacity that falls, with some scatter."""
    years = max(1, (since - 150) // 365)
    for year in range(1, years + 1):
        held = capacity_ah * (1 - fade * year + teller.random.uniform(-0.006, 0.006))
        told = {
            "attribute": "remaining_capacity_ah",
            "value": f"{held:.1f}",
            "error": f"{0.03 * capacity_ah:.1f}",
            "instrument": "Battery management system",
            "source": "management_system",
        }
        teller.read(MAKER, battery, since - 365 * year if since > 365 * year else since / 2, **told)


def _measured(attribute: str, value: str) -> dict[str, Any]:
    return {
        "attribute": attribute,
        "value": value,
        "error": "1.5",
        "instrument": "Example cycler, C/3",
        "source": "measured",
    }
