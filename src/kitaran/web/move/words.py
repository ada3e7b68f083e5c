"""The words of the movement pages in the reader's language: cards, statuses, choices."""

from __future__ import annotations

from kitaran.web.language import gettext as _

TONES = {
    "MAY MOVE": "done",
    "DOMESTIC RULES": "note",
    "NEEDS CONSENT": "warn",
    "PAPERS MISSING": "warn",
    "ASK THE AUTHORITY": "warn",
    "DO NOT LOAD": "wrong",
    "MUST NOT": "wrong",
}


def card_words(card: str) -> tuple[str, str]:
    """A card's title and what it means in one sentence."""
    return {
        "MAY MOVE": (_("MAY MOVE"), _("It may move as it stands, with the papers below.")),
        "DOMESTIC RULES": (
            _("DOMESTIC RULES"),
            _("No border is crossed. The law of this country decides alone."),
        ),
        "NEEDS CONSENT": (
            _("NEEDS CONSENT"),
            _("Only consents or permits are missing. Wait for them in writing."),
        ),
        "PAPERS MISSING": (
            _("PAPERS MISSING"),
            _("It is not shown yet that it may move. Bring what is missing, or answer the questions below."),
        ),
        "ASK THE AUTHORITY": (
            _("ASK THE AUTHORITY"),
            _("A bar exists, and it is not settled whether it reaches this item."),
        ),
        "DO NOT LOAD": (_("DO NOT LOAD"), _("The rules for dangerous goods forbid it as it is.")),
        "MUST NOT": (
            _("MUST NOT"),
            _("The law of a State on the route forbids it. A consent does not change that."),
        ),
    }[card]


def choices() -> dict[str, list[tuple[str, str]]]:
    """The answers to the questions, in plain words."""
    return {
        "kind": [
            ("ev_pack", _("Battery pack")),
            ("module", _("Module")),
            ("cell", _("Cell")),
            ("vehicle", _("Vehicle with its battery")),
            ("mixed_batteries", _("Mixed batteries, unsorted")),
            ("black_mass", _("Black mass")),
            ("production_scrap", _("Production scrap")),
        ],
        "chemistry": [
            ("NMC", _("Lithium-ion NMC")),
            ("LFP", _("Lithium-ion LFP")),
            ("LMFP", _("Lithium-ion LMFP")),
            ("NCA", _("Lithium-ion NCA")),
            ("NMCA", _("Lithium-ion NMCA")),
            ("LMO", _("Lithium-ion LMO")),
            ("LTO", _("Lithium-ion LTO")),
            ("LCO", _("Lithium-ion LCO")),
            ("sodium_ion", _("Sodium-ion")),
            ("lithium_metal", _("Lithium metal")),
            ("NiMH", _("Nickel-metal hydride")),
            ("NiCd", _("Nickel-cadmium")),
            ("lead_acid", _("Lead-acid")),
            ("mixed", _("Several, mixed")),
        ],
        "condition": [
            ("new", _("New")),
            ("functional", _("Used, works in full")),
            ("degraded_functional", _("Used, works with less capacity")),
            ("repairable_defect", _("Has a defect that can be repaired")),
            ("non_functional", _("Does not work")),
            ("damaged", _("Damaged, swollen, leaking or burnt")),
            ("shredded", _("Shredded")),
            ("off_spec", _("Off specification from production")),
        ],
        "purpose": [
            ("direct_reuse", _("Used again as it is")),
            ("refurbish", _("Refurbished")),
            ("repair", _("Repaired")),
            ("remanufacture", _("Remanufactured")),
            ("repurpose", _("Put to another use, such as storage")),
            ("failure_analysis", _("Examined for its failure")),
            ("warranty_return", _("Returned under warranty")),
            ("recycling", _("Recycled")),
            ("disposal", _("Disposed of")),
            ("uncertain", _("Nobody knows yet")),
        ],
        "mode": [
            ("sea", _("Sea")),
            ("road", _("Road")),
            ("rail", _("Rail")),
            ("air", _("Air")),
            ("inland_waterway", _("Inland waterway")),
        ],
        "scrap_type": [
            ("off_spec_cells", _("Cells off specification")),
            ("anode_cutoffs", _("Anode cut-offs")),
            ("cathode_cutoffs", _("Cathode cut-offs")),
            ("mixed_scrap", _("Mixed")),
        ],
        "yes_no": [("true", _("Yes")), ("false", _("No"))],
        "positions": [("not_waste", _("It says: not waste")), ("waste", _("It says: waste"))],
        "held": [("held", _("Yes, it is held"))],
    }


def question_words(fact: str) -> str:
    """A question of the first five, as it stands on the form."""
    return {
        "item.kind": _("What is it?"),
        "item.chemistry": _("Which chemistry?"),
        "item.condition": _("What condition is it in?"),
        "purpose": _("What will happen to it there?"),
        "route.export": _("From"),
        "route.import": _("To"),
        "route.transit": _("Over"),
        "route.mode": _("By"),
    }[fact]


def fact_words(fact: str) -> str:
    """One of several facts that one question asks for; empty where the question says it all."""
    return {
        "hazard.annex_i": _("Does it hold a constituent of Annex I?"),
        "hazard.annex_iii": _("Does it have a characteristic of Annex III?"),
    }.get(fact, "")


def status_words(status: str) -> str:
    """What it is in law."""
    return {
        "product": _("a product"),
        "used_non_waste": _("a used item, not waste"),
        "waste_non_hazardous": _("waste, not hazardous"),
        "waste_hazardous": _("hazardous waste"),
        "undetermined": _("not settled yet"),
    }[status]


def procedure_words(procedure: str) -> str:
    """By which procedure it moves."""
    return {
        "none": _("no consent procedure"),
        "domestic_only": _("domestic rules only"),
        "basel_pic": _("prior informed consent under the Basel Convention"),
        "oecd_amber": _("OECD amber control: notification and consent"),
        "oecd_green": _("OECD green control: as normal trade"),
        "undetermined": _("not settled yet"),
    }[procedure]


def seen_words(seen: str) -> str:
    """How a text of law was seen."""
    return {
        "primary": _("read at its source"),
        "secondary": _("read in another publication, not at its source"),
        "not_seen": _("not seen; from general knowledge"),
    }[seen]


def confidence_words(confidence: str) -> str:
    """How sure it is."""
    return {"high": _("high confidence"), "medium": _("medium confidence"), "low": _("low confidence")}[
        confidence
    ]


def policy_words(name: str) -> str:
    """A policy, or its state, in plain words."""
    return {
        "producer_responsibility": _("Producer responsibility"),
        "waste_import_bar": _("Bar on waste imports"),
        "second_life_rule": _("Second-life rule"),
        "collection_target": _("Collection target"),
        "in_force": _("in force"),
        "partial": _("in part"),
        "draft": _("draft or plan"),
        "none_found": _("none, as read"),
        "not_found": _("nothing seen"),
    }[name]
