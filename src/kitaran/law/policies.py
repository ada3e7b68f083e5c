"""Who has what, since when: producer responsibility, import bars, second-life rules, collection targets.

States of a policy: in_force; partial (reaches only some batteries or places); draft; none_found (looked for,
and said to be none); not_found (nothing seen, which does not mean that no rule exists).
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Any

from kitaran.law import tables
from kitaran.law.book import packaged_book
from kitaran.law.records import FIRST_DAY

POLICIES = ("producer_responsibility", "waste_import_bar", "second_life_rule", "collection_target")
COUNTED = ("producer_responsibility", "second_life_rule", "collection_target")
NOT_FOUND = "not_found"


@dataclass(frozen=True)
class Policy:
    """One policy of one jurisdiction, with its article and how sure it is."""

    cc: str
    policy: str
    state: str
    since: str
    text: str
    cite: str
    source: str
    seen: str
    confidence: str


@dataclass(frozen=True)
class Profile:
    """A jurisdiction's policies, and what the front-runner has in force and it has not."""

    cc: str
    name: str
    policies: tuple[Policy, ...]
    gaps: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        return {
            "jurisdiction": self.cc,
            "name": self.name,
            "policies": [asdict(policy) for policy in self.policies],
            "gaps": list(self.gaps),
        }


@lru_cache(maxsize=1)
def profiles() -> tuple[Profile, ...]:
    """Every jurisdiction of the register, fewest gaps first. An import bar is shown, not counted."""
    rows = [Policy(**row) for row in tables.packaged_rows("policies.csv")]
    codes = tuple(dict.fromkeys(row.cc for row in rows))
    found = {cc: (*(row for row in rows if row.cc == cc), _import_bar(cc)) for cc in codes}
    force = {cc: {row.policy for row in found[cc] if row.state == "in_force"} for cc in codes}
    front = max(codes, key=lambda cc: len(force[cc] & set(COUNTED)))
    made = [
        Profile(
            cc,
            packaged_book().country_name(cc),
            tuple(sorted(found[cc], key=lambda row: POLICIES.index(row.policy))),
            tuple(name for name in COUNTED if name in force[front] - force[cc]),
        )
        for cc in codes
    ]
    return tuple(sorted(made, key=lambda profile: (len(profile.gaps), profile.name)))


def _import_bar(cc: str) -> Policy:
    """The earliest bar on the import of waste, from the measures by which cases are decided."""
    bars = [
        row
        for row in packaged_book().measures
        if (row.cc, row.role, row.effect) == (cc, "import", "bar") and "used" not in row.applies_to
    ]
    if not bars:
        return Policy(cc, "waste_import_bar", NOT_FOUND, "", "", "", "", "not_seen", "low")
    bar = min(bars, key=lambda row: row.valid_from)
    since = "" if bar.valid_from == FIRST_DAY else bar.valid_from
    return Policy(
        cc, "waste_import_bar", "in_force", since, bar.text, bar.cite, bar.source, bar.seen, bar.confidence
    )
