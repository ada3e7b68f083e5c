"""What became of the batteries that an operator issued: how many are where, by model and year of issue.

Every battery stands in one class, the first that holds of `revoked`, `ceased`, `repurposed` (by the
passport), `waste` (by its status), then by whose hand it is in: `in_stock` with who issued it, not handed on
yet; `in_use` with another; `returned` to who issued it after it was with another. Who issued a battery may
read its status, and knew of the hand-over in which it went or came: nothing here tells more.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa
from sqlalchemy import Connection

from kitaran.registry.custody import repository as custody
from kitaran.registry.custody import tables as t
from kitaran.registry.passport import tables as p
from kitaran.registry.passport.kinds import item_of

CLASSES: Final = ("in_stock", "in_use", "returned", "waste", "repurposed", "ceased", "revoked")
_ENDED: Final = ("revoked", "ceased", "repurposed")


@dataclass(frozen=True, slots=True)
class Fates:
    """Batteries of a model that were issued in a year. counts : by class, every one of `CLASSES`"""

    model: str
    year: int
    counts: dict[str, int]

    @property
    def issued(self) -> int:
        return sum(self.counts.values())


def fates(connection: Connection, operator: str) -> list[Fates]:
    """What became of the batteries for whose passports the operator answers, by model and year of issue."""
    b, held = p.battery.c, t.item.c
    year, fate = sa.func.substr(b.at, 1, 4), _fate(operator)
    joined = p.battery.outerjoin(t.item, held.item == item_of("") + b.battery)
    query = (
        sa.select(b.model, year, fate, sa.func.count())
        .select_from(joined)
        .where(b.operator == operator, b.origin == "issued")
        .group_by(b.model, year, fate)
    )
    found: dict[tuple[str, int], dict[str, int]] = {}
    for model, of_year, name, count in connection.execute(query):
        counts = found.setdefault((str(model), int(of_year)), dict.fromkeys(CLASSES, 0))
        counts[str(name)] = int(count)
    return [Fates(model, of_year, counts) for (model, of_year), counts in sorted(found.items())]


def _fate(operator: str) -> sa.Case[str]:
    b, held, span = p.battery.c, t.item.c, t.interval.c
    away = sa.exists().where(span.item == held.item, span.role == custody.HOLDER, span.operator != operator)
    return sa.case(
        *((b.state == name, name) for name in _ENDED),
        (b.status == "waste", "waste"),
        (held.item.is_(None), "in_stock"),
        (held.holder != operator, "in_use"),
        (away, "returned"),
        else_="in_stock",
    )
