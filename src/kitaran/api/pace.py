"""How fast one operator may ask, so that one program that runs wild does not take the server from all others.

Each operator has a bucket that fills at a steady rate; a request takes one from it. The buckets are in the
memory of one server: another server counts for itself, and a restart begins anew.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock
from typing import Final

from kitaran.foundation.errors import KitaranError

PER_SECOND: Final = 100.0
"""Requests that an operator may go on asking each second; one of them can post 1,000 events."""
AT_ONCE: Final = 1_000.0
"""Requests that it may ask at once after a rest."""
MOST_KEPT: Final = 10_000
"""Buckets in memory; full ones are forgotten first, which changes nothing."""


class TooFastError(KitaranError):
    """Somebody has asked too often; `retry_after` says in how many whole seconds to come again."""

    http_status = 429
    title = "Too many requests"

    def __init__(self, retry_after: int) -> None:
        self.retry_after = retry_after
        super().__init__(
            "Too many requests came from you.",
            "pace",
            f"Ask again in {retry_after} s. A program posts its events in batches.",
        )


@dataclass
class Pace:
    """The buckets of one server."""

    per_second: float = PER_SECOND
    at_once: float = AT_ONCE
    clock: Callable[[], float] = time.monotonic
    _left: dict[str, tuple[float, float]] = field(default_factory=dict)
    _door: Lock = field(default_factory=Lock)

    def take(self, who: str, cost: float = 1.0) -> None:
        """Take one request, or what a heavy one counts for. Raises TooFastError if so much is not left."""
        with self._door:
            at = self.clock()
            left = self._filled(who, at)
            if left < cost:
                raise TooFastError(max(1, math.ceil((cost - left) / self.per_second)))
            self._left[who] = left - cost, at
            if len(self._left) > MOST_KEPT:
                self._forget(at)

    def _filled(self, who: str, at: float) -> float:
        left, since = self._left.get(who, (self.at_once, at))
        return min(self.at_once, left + (at - since) * self.per_second)

    def _forget(self, at: float) -> None:
        """Drop the full buckets, or the longer idle half if none is full."""
        self._left = {who: kept for who, kept in self._left.items() if self._filled(who, at) < self.at_once}
        if len(self._left) > MOST_KEPT:
            idle = sorted(self._left, key=lambda who: self._left[who][1])
            for who in idle[: MOST_KEPT // 2]:
                del self._left[who]
