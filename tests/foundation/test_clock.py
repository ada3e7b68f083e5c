from datetime import UTC, datetime, timedelta, timezone

from kitaran.foundation import clock

NEW_YEAR = datetime(2026, 1, 1, 6, 59, 59, 999_999, tzinfo=timezone(timedelta(hours=7)))


def test_a_stamp_is_utc_cut_to_milliseconds() -> None:
    with clock.replaced(NEW_YEAR):
        assert clock.stamp() == "2025-12-31T23:59:59.999Z"


def test_milliseconds_count_from_1970() -> None:
    with clock.replaced(datetime(1970, 1, 2, tzinfo=UTC)):
        assert clock.now_ms() == 86_400_000


def test_the_clock_runs_again_after_a_test_replaced_it() -> None:
    with clock.replaced(NEW_YEAR):
        pass
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=5)
