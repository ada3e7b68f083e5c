"""What a signed-in person may do next to a corridor: join, leave, note a barrier or how it was lifted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from kitaran.web.language import gettext as _
from kitaran.web.movements.acts import Act, Field


def on_corridor(
    mine: Mapping[str, Any] | None, barriers: Sequence[Mapping[str, Any]], movements: Sequence[str]
) -> list[Act]:
    """Acts of who is named in a corridor.

    mine      : when the person's organisation joined and left; None if the agreement does not name it
    movements : in the corridor, which a barrier may be about
    """
    if mine is None:
        return []
    found = []
    if mine["joined_at"] is None:
        about = _("You take part from here on. Each movement needs its consents as before.")
        found.append(Act("corridor_joined", _("Join the corridor"), first=True, about=about))
    found += [_lift(one) for one in barriers if one["lifted_at"] is None]
    found.append(_meet(movements))
    if mine["joined_at"] is not None and mine["left_at"] is None:
        about = _("It does not run without one of its authorities.")
        leave = Field("reason", _("Why"))
        found.append(Act("corridor_left", _("Leave the corridor"), (leave,), about=about, grave=True))
    return found


def _meet(movements: Sequence[str]) -> Act:
    fields = [Field("barrier", _("What stood in the way"), "long")]
    if movements:
        options = (("", _("none in particular")), *((one, one) for one in movements))
        fields.append(Field("movement", _("Of which movement"), "select", False, options=options))
    about = _("Whoever may see the corridor reads it: name no person.")
    return Act("barrier_met", _("Note a barrier"), tuple(fields), about=about)


def _lift(one: Mapping[str, Any]) -> Act:
    how = Field("how", _("How it was lifted"), "long")
    fixed = {"barrier": one["barrier"]}
    return Act("barrier_lifted", _("It is lifted"), (how,), fixed, of=one["barrier"])
