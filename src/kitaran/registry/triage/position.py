"""Where a way stands in the law of the economy: product or waste, and the rule for second lives.

The rules are those of `law`, asked for a battery that crosses no border. What they do not settle stays
open, and nothing here is a determination by a competent authority.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from kitaran import law
from kitaran.foundation.errors import InputError
from kitaran.law import policies
from kitaran.law.decision import NOT_A_DETERMINATION
from kitaran.planning.market.valuation.lot import CELLS, MODULE, PACK
from kitaran.reference import economy as economy_of
from kitaran.registry.triage.grading import RECYCLE, REPURPOSE, REUSE
from kitaran.registry.triage.ways import REFURBISH

PURPOSES = {REUSE: "direct_reuse", REFURBISH: "refurbish", REPURPOSE: "repurpose", RECYCLE: "recycling"}
_KINDS = {CELLS: "cell", MODULE: "module", PACK: "ev_pack"}
_RULE = "second_life_rule"
_NO_RULE = ("not_found", "none_found")
_CHEMISTRIES = ("NMCA", "NMC", "NCA", "LFP", "LMFP", "LMO", "LTO", "LCO", "sodium_ion", "lead_acid")
STATUSES = {
    "product": "A product",
    "used_non_waste": "Used, and not waste",
    "waste_hazardous": "Hazardous waste",
    "waste_non_hazardous": "Waste, not hazardous",
    "undetermined": "Product or waste is not settled",
}


@dataclass(frozen=True)
class Position:
    """status : as `law` names it; reason and cite : of the rule that decides, or of the first open one

    rule : what the economy says of second lives; empty where nothing was found or it does not touch the way
    """

    status: str
    reason: str
    cite: str
    rule: str

    def words(self) -> str:
        """One line for answers and papers."""
        says = STATUSES.get(self.status, self.status.replace("_", " "))
        rule = f" {self.rule}." if self.rule else ""
        return f"{says}. {self.reason} ({self.cite}).{rule} {NOT_A_DETERMINATION}"


def position(kind: str, form: str, chemistry: str, tested: bool, economy: str, day: str) -> Position:
    """The position of a way for batteries of one form and chemistry.

    tested : whether a test of their health is on record; day : YYYY-MM-DD
    """
    family = next((name for name in _CHEMISTRIES if chemistry.upper().startswith(name.upper())), "")
    return _decided(kind, form, family, tested, economy, day)


@lru_cache(maxsize=1024)
def _decided(kind: str, form: str, family: str, tested: bool, economy: str, day: str) -> Position:
    code = economy_of(economy).iso2
    item: dict[str, Any] = {"kind": _KINDS[form], "condition": "degraded_functional"}
    if family:
        item["chemistry"] = family
    facts = {
        "item": item,
        "purpose": PURPOSES[kind],
        "route": {"export": code, "import": code, "transit": []},
        "evidence": {"test_records": True} if tested else {},
    }
    try:
        found = law.decide(law.read_case({"as_of": day, "facts": facts}))
    except InputError:
        return Position("undetermined", "no rule of this economy is on record", "ask its authority", "")
    first = found.reasons[0] if found.reasons else {"text": "no rule concludes", "cite": "none"}
    return Position(found.status, first["text"], first["cite"], _second_life(code) if kind != RECYCLE else "")


@lru_cache(maxsize=256)
def _second_life(code: str) -> str:
    for profile in policies.profiles():
        for each in profile.policies:
            if each.cc == code and each.policy == _RULE and each.state not in _NO_RULE and each.text:
                return f"{each.text} ({each.cite})" if each.cite else each.text
    return ""
