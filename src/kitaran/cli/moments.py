"""Times as they are typed on the command line."""

from __future__ import annotations

from datetime import UTC


def moment(text: str) -> str:
    """A time as the record writes it; without a zone it is UTC."""
    from datetime import datetime

    from kitaran.foundation.clock import stamp
    from kitaran.foundation.errors import InputError

    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise InputError(f"{text} is no time.", "--until", "Write it as 2026-01-31T08:00Z.") from None
    return stamp(found if found.tzinfo else found.replace(tzinfo=UTC))
