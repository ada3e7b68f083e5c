"""An operator that asks too fast is told when to come again, and no other waits for it."""

from __future__ import annotations

import pytest

from kitaran.api.pace import Pace, TooFastError


def test_an_operator_asks_at_once_what_it_may_and_then_at_its_rate() -> None:
    at = 0.0
    pace = Pace(per_second=0.5, at_once=3, clock=lambda: at)
    for _ in range(3):
        pace.take("delta")
    with pytest.raises(TooFastError) as refused:
        pace.take("delta")
    assert (refused.value.http_status, refused.value.retry_after) == (429, 2)
    pace.take("beta")
    at = 2.0
    pace.take("delta")
    with pytest.raises(TooFastError):
        pace.take("delta")


def test_buckets_of_many_operators_do_not_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kitaran.api.pace.MOST_KEPT", 10)
    pace = Pace(per_second=1, at_once=2, clock=lambda: 0.0)
    for number in range(100):
        pace.take(str(number))
    assert len(pace._left) <= 11
