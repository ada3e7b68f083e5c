"""Made-up dossiers over the whole vocabulary, every jurisdiction and many dates; same seed, same dossiers."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

from kitaran.law import Case
from kitaran.law.case import vocabulary

JURISDICTIONS = (
    *("IN", "CN", "JP", "KR", "TH", "VN", "ID", "MY", "PH", "SG", "BD", "LK", "BT", "LA", "NP", "PK"),
    *("KH", "MN", "AU", "NZ", "FJ", "EU", "US", "MM", "MV"),
)
WITHOUT_ROW = ("BR", "DE", "TW", "HK", "PG")
EVIDENCE = tuple(vocabulary()["evidence"])
MOVES = ("permitted", "permitted_with_consent")
PROOFS = ("invoice_contract", "test_records", "declaration", "protection", "transport_doc")
CONTRACT = ("valid_contract", "contract_residual_esm", "contract_responsibility", "contract_feedback")
PERMITS: dict[str, dict[str, Any]] = {
    "TH_transit_licence": {"held": True, "holder_registered_in_TH": True},
    "LA_export_authorisation": {"held": True, "written": True},
    "SG_transit_permit": {"held": True},
}


def dossier(as_of: str = "2026-06-01", **changes: Any) -> Case:
    """A tested working pack from Japan to Mongolia for reuse with its five proofs, and what differs from it.

    Names are written with two underscores for the point: item__kind="module", consents={"KR": True}.
    """
    facts: dict[str, Any] = {
        "item.kind": "ev_pack",
        "item.chemistry": "NMC",
        "item.condition": "functional",
        "item.soc_pct": 30.0,
        "purpose": "direct_reuse",
        "route.export": "JP",
        "route.import": "MN",
        "route.transit": (),
        "route.mode": "sea",
        **{f"evidence.{name}": True for name in PROOFS},
    }
    for name, value in changes.items():
        facts[name.replace("__", ".")] = value
    return Case(as_of, {name: value for name, value in facts.items() if value is not None})


def waste(as_of: str = "2026-06-01", **changes: Any) -> Case:
    """A pack that no longer works, for recycling, from Singapore to Japan."""
    return dossier(
        as_of,
        **{
            "item__condition": "non_functional",
            "purpose": "recycling",
            "route__export": "SG",
            "route__import": "JP",
            **{f"evidence__{name}": None for name in PROOFS},
            **changes,
        },
    )


def random_dossiers(count: int, seed: int = 1) -> Iterator[Case]:
    """Dossiers of every kind; each fact is known, unknown or contrary by chance."""
    rng = random.Random(seed)
    for _ in range(count):
        yield _random_dossier(rng)


def _random_dossier(rng: random.Random) -> Case:
    words = vocabulary()
    facts: dict[str, Any] = {}
    for name, values in words["item"].items():
        if rng.random() < 0.75 or name in ("kind", "chemistry", "condition"):
            facts[f"item.{name}"] = _value(rng, values)
    facts["purpose"] = rng.choice(words["purpose"])
    states = (
        rng.sample(JURISDICTIONS + WITHOUT_ROW, 3) if rng.random() < 0.2 else rng.sample(JURISDICTIONS, 3)
    )
    facts["route.export"] = states[0]
    facts["route.import"] = states[0] if rng.random() < 0.08 else states[1]
    facts["route.transit"] = (states[2],) if rng.random() < 0.4 else ()
    facts["route.mode"] = rng.choice(words["route"]["mode"])
    ready = rng.random()
    for name in EVIDENCE:
        if rng.random() < ready:
            facts[f"evidence.{name}"] = rng.random() < 0.9
    route = {facts["route.export"], facts["route.import"], *facts["route.transit"]}
    facts["positions"] = {
        cc: rng.choice(["waste", "not_waste"]) for cc in sorted(route) if rng.random() < 0.15
    }
    facts["consents"] = {cc: rng.random() < 0.9 for cc in sorted(route) if rng.random() < ready}
    facts["licences"] = {cc: "held" for cc in sorted(route) if rng.random() < ready * 0.6}
    as_of = f"{rng.randint(2018, 2028)}-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}"
    facts["permits"] = {
        name: {**fields, **({"issued": as_of} if name.startswith("TH") else {})}
        for name, fields in PERMITS.items()
        if rng.random() < ready
    }
    for name in ("hazard.annex_i", "hazard.annex_iii", "facility.preconsented", "facility.esm"):
        if rng.random() < 0.3:
            facts[name] = rng.random() < 0.7
    for name in ("standard_met", "art11_agreement", "authority_disagreement"):
        if rng.random() < 0.15:
            facts[name] = rng.random() < 0.5
    for name in rng.sample(sorted(facts), rng.randint(0, 2)):
        facts.pop(name)
    return Case(as_of, facts)


def _value(rng: random.Random, values: Any) -> Any:
    if isinstance(values, list):
        return rng.choice(values)
    if values == "bool":
        return rng.random() < 0.6
    return round(rng.uniform(1, 100), 1)
