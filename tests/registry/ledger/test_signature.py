"""Keys that bind their owner, files that keep them, and signatures that fit one message."""

from __future__ import annotations

import os
import sys
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from kitaran.foundation.errors import InputError
from kitaran.registry.ledger.signature import (
    _SMALL_ORDER,
    check_public,
    key_id,
    make_key,
    public_bytes,
    read_private,
    read_public,
    verifies,
    write_private,
)

P = 2**255 - 19
D = -121665 * pow(121666, P - 2, P) % P


def test_a_keys_id_is_its_hash() -> None:
    public = public_bytes(make_key())
    assert key_id(public) == sha256(public).hexdigest()


def test_a_signature_fits_one_message_and_one_key() -> None:
    key = make_key()
    signature = key.sign(b"pack-1")
    assert verifies(public_bytes(key), b"pack-1", signature)
    assert not verifies(public_bytes(key), b"pack-2", signature)
    assert not verifies(public_bytes(make_key()), b"pack-1", signature)
    assert not verifies(public_bytes(key), b"pack-1", signature[:-1])
    assert not verifies(b"short", b"pack-1", signature)


def test_a_private_key_is_kept_for_its_owner_alone_and_never_overwritten(tmp_path: Path) -> None:
    key, path = make_key(), tmp_path / "keys" / "log.pem"
    write_private(key, path)
    assert public_bytes(read_private(path)) == public_bytes(key)
    if sys.platform != "win32":
        assert os.stat(path).st_mode & 0o777 == 0o600  # noqa: PTH116
    with pytest.raises(InputError, match="already"):
        write_private(make_key(), path)


def test_files_that_hold_no_such_key_are_told(tmp_path: Path) -> None:
    other = generate_private_key(SECP256R1())
    private, public = tmp_path / "private.pem", tmp_path / "public.pem"
    private.write_bytes(other.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    public.write_bytes(other.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    for path in (private, tmp_path / "absent.pem"):
        with pytest.raises(InputError, match="No Ed25519 key"):
            read_private(path)
    with pytest.raises(InputError, match="No Ed25519 key"):
        read_public(public)
    mine = make_key().public_key()
    public.write_bytes(mine.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    assert read_public(public) == mine.public_bytes_raw()


def doubled(point: tuple[int, int]) -> tuple[int, int]:
    """Twice a point of edwards25519 (RFC 8032, 5.1.4, in affine coordinates)."""
    x, y = point
    xx, yy, xy = x * x % P, y * y % P, 2 * x * y % P
    both = D * xx * yy % P
    return xy * pow(1 + both, P - 2, P) % P, (yy + xx) * pow(1 - both, P - 2, P) % P


def x_of(y: int) -> int:
    """A root of x^2 = (y^2 - 1) / (d y^2 + 1)."""
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    root = pow(square, (P + 3) // 8, P)
    return root if root * root % P == square else root * pow(2, (P - 1) // 4, P) % P


def test_every_point_of_small_order_is_refused_as_a_key() -> None:
    for encoded in _SMALL_ORDER:
        y = int.from_bytes(encoded, "little") % P
        assert doubled(doubled(doubled((x_of(y), y)))) == (0, 1)
        for spelt in (encoded, encoded[:-1] + bytes([encoded[-1] | 0x80])):
            with pytest.raises(InputError, match="sound"):
                check_public(spelt, "key")
    assert (
        len({int.from_bytes(one, "little") % P for one in _SMALL_ORDER}) == 5
    )  # 8 points: x and -x share a y


@pytest.mark.parametrize("key", [b"", b"short", b"\x02" + bytes(31)])
def test_bytes_that_are_no_point_are_refused_or_never_verify(key: bytes) -> None:
    assert not verifies(key, b"", bytes(64))


def test_a_sound_key_is_taken() -> None:
    public = public_bytes(make_key())
    assert check_public(public, "key") == public
    for other in (b"", public[:-1], public + b"\0"):
        with pytest.raises(InputError):
            check_public(other, "key")
