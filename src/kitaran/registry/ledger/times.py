"""Times in the record: UTC with milliseconds, in one spelling."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from kitaran.foundation.errors import InputError

_FORM = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", re.ASCII)


def read_time(value: Any, place: str) -> datetime:
    """The moment that `2026-01-31T08:00:00.000Z` names; the spelling of `foundation.clock.stamp`.

    Raises InputError for every other spelling, and for days and hours that do not exist.
    """
    if type(value) is str and _FORM.fullmatch(value):
        try:
            return datetime.fromisoformat(value)
        except ValueError:
            pass
    raise InputError(
        f"{value!r} is not a time in UTC with milliseconds.", place, "Write it as 2026-01-31T08:00:00.000Z."
    )
