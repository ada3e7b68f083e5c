"""Photos are unpacked a few at a time, and none that is larger than its format allows."""

from __future__ import annotations

import io
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from PIL import Image

from kitaran.foundation.errors import InputError
from kitaran.registry.passport import intake_photos


def photo(kind: str, size: tuple[int, int] = (40, 30)) -> bytes:
    out = io.BytesIO()
    Image.new("1", size).save(out, kind) if kind == "PNG" else Image.new("L", size).save(out, kind)
    return out.getvalue()


def test_a_small_file_that_would_unpack_to_a_great_picture_is_refused() -> None:
    content = photo("PNG", (5_100, 5_000))
    assert len(content) < 100_000
    with pytest.raises(InputError, match="too many pixels"):
        intake_photos.cleaned(content)


def test_no_more_photos_are_unpacked_at_once_than_memory_allows(monkeypatch: pytest.MonkeyPatch) -> None:
    at_work, most, guard, both = [0], [0], threading.Lock(), threading.Barrier(intake_photos.AT_ONCE)

    def unpack(opened: object) -> bytes:
        with guard:
            at_work[0] += 1
            most[0] = max(most[0], at_work[0])
        both.wait(timeout=10)  # passes only if so many are at work together
        with guard:
            at_work[0] -= 1
        return b""

    monkeypatch.setattr(intake_photos, "_picture_alone", unpack)
    with ThreadPoolExecutor(6) as senders:
        assert list(senders.map(intake_photos.cleaned, [photo("JPEG")] * 6)) == [b""] * 6
    assert most[0] == intake_photos.AT_ONCE


def test_who_would_wait_too_long_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake_photos, "WAIT_S", 0.0)
    turns = [intake_photos._turn.acquire(timeout=1) for _ in range(intake_photos.AT_ONCE)]
    assert all(turns)
    try:
        with pytest.raises(InputError, match="Other photos"):
            intake_photos.cleaned(photo("JPEG"))
    finally:
        for _ in turns:
            intake_photos._turn.release()
    assert intake_photos.cleaned(photo("JPEG")).startswith(b"\xff\xd8")
