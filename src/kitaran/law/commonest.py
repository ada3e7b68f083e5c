"""The commonest movements of a State with its partners: ten kinds, as dossiers with complete papers.

For Bangladesh, Bhutan, Lao PDR, Philippines, Sri Lanka and Thailand they make the sixty commonest movements
of the documentation. Goods take the road that they take: Bhutan reaches the sea over India, Lao PDR over
Thailand. No consent was asked for yet.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from kitaran.law.case import Case, read_case

COUNTRIES = ("BD", "BT", "LA", "PH", "LK", "TH")
OVER = {"BT": "IN", "LA": "TH"}
REUSE = ("invoice_contract", "test_records", "declaration", "protection", "transport_doc")
CONTRACT = (
    *("valid_contract", "contract_residual_esm", "contract_responsibility", "contract_feedback"),
    *("declaration", "protection", "transport_doc"),
)
Item = dict[str, str]
PACK: Item = {"kind": "ev_pack", "chemistry": "NMC"}
# what it is, for what, from, to ("HERE" is the country), papers
MOVEMENTS: tuple[tuple[str, Item, str, str, str, tuple[str, ...]], ...] = (
    ("new packs", {**PACK, "condition": "new"}, "direct_reuse", "CN", "HERE", ()),
    (
        "used electric cars",
        {"kind": "vehicle", "chemistry": "NMC", "condition": "functional"},
        "direct_reuse",
        "JP",
        "HERE",
        REUSE,
    ),
    ("tested used packs", {**PACK, "condition": "functional"}, "direct_reuse", "JP", "HERE", REUSE),
    ("lithium-ion packs", {**PACK, "condition": "non_functional"}, "recycling", "HERE", "KR", ()),
    ("lithium-ion packs", {**PACK, "condition": "non_functional"}, "recycling", "HERE", "SG", ()),
    (
        "lead-acid e-rickshaw batteries",
        {"kind": "ev_pack", "chemistry": "lead_acid", "condition": "non_functional"},
        "recycling",
        "HERE",
        "IN",
        (),
    ),
    (
        "black mass",
        {"kind": "black_mass", "chemistry": "NMC", "condition": "shredded"},
        "recycling",
        "HERE",
        "KR",
        (),
    ),
    ("faulty packs", {**PACK, "condition": "repairable_defect"}, "warranty_return", "HERE", "JP", CONTRACT),
    ("faulty packs", {**PACK, "condition": "repairable_defect"}, "refurbish", "HERE", "MY", CONTRACT),
    ("damaged packs", {**PACK, "condition": "damaged"}, "recycling", "HERE", "HERE", ()),
)


def dossiers(as_of: str, countries: Iterable[str] = COUNTRIES) -> Iterator[tuple[str, Case]]:
    """Ten movements of each State with their names, leaving on a day; a State is never its own partner."""
    for here in countries:
        for thing, item, purpose, export, import_, papers in MOVEMENTS:
            route = [here if end == "HERE" else end for end in (export, import_)]
            if "HERE" == export == import_ or route[0] != route[1]:
                yield thing, _case(as_of, item, purpose, route, OVER.get(here), papers)


def _case(
    as_of: str, item: Item, purpose: str, route: list[str], over: str | None, papers: tuple[str, ...]
) -> Case:
    crosses = over is not None and over not in route and route[0] != route[1]
    facts: dict[str, Any] = {
        "item": dict(item),
        "purpose": purpose,
        "route": {
            "export": route[0],
            "import": route[1],
            "transit": [over] if crosses else [],
            "mode": "road" if route[0] == route[1] else "sea",
        },
        "evidence": dict.fromkeys(papers, True),
    }
    return read_case({"as_of": as_of, "facts": facts})
