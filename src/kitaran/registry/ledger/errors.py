"""Why the log did not take an event."""

from __future__ import annotations

from kitaran.foundation.errors import KitaranError


class NotAllowedError(KitaranError):
    """The actor may not do this, or the key may not sign it."""

    http_status = 403
    title = "This is not allowed"


class ConflictError(KitaranError):
    """Another event was first: the id is taken, or the item has moved on."""

    http_status = 409
    title = "Another event was first"


class HaltedError(KitaranError):
    """The log does not go on, because going on would fork what was signed before."""

    exit_code = 3
    http_status = 503
    title = "The log has stopped"
