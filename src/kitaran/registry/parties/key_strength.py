"""Public keys that bind nobody: points of small order, under which one signature fits many messages.

Source: RFC 8032, section 5.1 (the curve); the encodings are those that libsodium refuses, with either sign.
"""

from __future__ import annotations

from typing import Final

_SIGN: Final = 0x80
_SMALL_ORDER: Final = frozenset(
    bytes.fromhex(point)
    for point in (
        "00" * 32,
        "01" + "00" * 31,
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "ec" + "ff" * 30 + "7f",
        "ed" + "ff" * 30 + "7f",
        "ee" + "ff" * 30 + "7f",
    )
)


def is_weak(public_key: bytes) -> bool:
    """Whether these 32 bytes are a point of order 1, 2, 4 or 8."""
    return public_key[:-1] + bytes([public_key[-1] & ~_SIGN]) in _SMALL_ORDER
