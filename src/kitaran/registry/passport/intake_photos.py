"""Photos of what was taken in: kept beside the record, with nothing in them but the picture.

The log holds the SHA-256 of the file that is kept, not of the one that came: where and when a photo was
taken, and with whose telephone, is told by its metadata, and they are not kept. A photo can be taken away
again; the log then proves that there was one, and no more.
"""

from __future__ import annotations

import io
import struct
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kitaran.foundation.disk import explain, write_whole
from kitaran.foundation.errors import InputError
from kitaran.foundation.workspace import Workspace

if TYPE_CHECKING:
    from PIL import Image

LARGEST_BYTES: Final = 12_000_000
LARGEST_PIXELS: Final[Mapping[str, int]] = {"JPEG": 60_000_000, "PNG": 25_000_000, "WEBP": 25_000_000}
"""By format: a JPEG is unpacked as small as it is needed, the others whole, 3 bytes a pixel or more."""
AT_ONCE: Final = 2
"""Photos that are unpacked at the same time: with more, a few requests would take all memory."""
WAIT_S: Final = 20.0
LONGEST_SIDE: Final = 1_600
"""Pixels: enough to read a label that fills a third of the picture."""
_QUALITY: Final = 80
_FORMATS: Final = ("JPEG", "PNG", "WEBP")
_turn = threading.BoundedSemaphore(AT_ONCE)
_REMEDY: Final = "Give a JPEG, PNG or WebP photo of 12 MB or less."


def keep(workspace: Workspace, photo: bytes, place: str = "photo") -> str:
    """Keep the picture, as JPEG without metadata, and return the SHA-256 of the file.

    Raises InputError if it is no picture or too large, WorkspaceError if it cannot be written.
    """
    content = cleaned(photo, place)
    name = sha256(content).hexdigest()
    path = _path(workspace, name)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise explain(error, path.parent) from error
    if not path.exists():
        write_whole(path, content)
    return name


def find(workspace: Workspace, name: str) -> bytes | None:
    """The picture whose file has this SHA-256; None if it is not kept here, or is another by now."""
    try:
        content = _path(workspace, name).read_bytes()
    except OSError:
        return None
    return content if sha256(content).hexdigest() == name else None


def drop(workspace: Workspace, name: str) -> bool:
    """Take a picture away; whether it was there."""
    path = _path(workspace, name)
    try:
        path.unlink()
    except FileNotFoundError:
        return False
    except OSError as error:
        raise explain(error, path) from error
    return True


def cleaned(photo: bytes, place: str = "photo") -> bytes:
    """The picture alone, upright, its longest side at most `LONGEST_SIDE`, as JPEG.

    Raises InputError if it is no picture or too large.
    """
    from PIL import Image, UnidentifiedImageError

    if len(photo) > LARGEST_BYTES:
        raise InputError("The photo has more than 12 MB.", place, "Make it smaller.")
    try:
        with Image.open(io.BytesIO(photo), formats=_FORMATS) as opened:
            if opened.size[0] * opened.size[1] > LARGEST_PIXELS[str(opened.format)]:
                raise InputError("The photo has too many pixels.", place, "Make it smaller.")
            with _one_of_few(place):
                return _picture_alone(opened)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise InputError("It is no photo that can be read.", place, _REMEDY) from None


@contextmanager
def _one_of_few(place: str) -> Iterator[None]:
    """Wait until few enough photos are being unpacked. InputError if that takes too long."""
    if not _turn.acquire(timeout=WAIT_S):
        raise InputError("Other photos are being read now.", place, "Send it again in a minute.")
    try:
        yield
    finally:
        _turn.release()


def _picture_alone(opened: Image.Image) -> bytes:
    """Unpack it, turn it, make it smaller, and pack it without anything else."""
    from PIL import Image

    opened.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
    upright = _upright(opened).convert("RGB")
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    bare = Image.new("RGB", upright.size)
    bare.paste(upright)
    out = io.BytesIO()
    bare.save(out, "JPEG", quality=_QUALITY)
    return out.getvalue()


def _upright(picture: Image.Image) -> Image.Image:
    """The picture as its orientation tag (Exif 0x0112) turns it; as it lies where the tag cannot be read:
    many a telephone and messenger writes broken metadata beside a sound picture.
    """
    from PIL import ExifTags, Image

    turns = Image.Transpose
    ways = (
        *(None, turns.FLIP_LEFT_RIGHT, turns.ROTATE_180, turns.FLIP_TOP_BOTTOM),
        *(turns.TRANSPOSE, turns.ROTATE_270, turns.TRANSVERSE, turns.ROTATE_90),
    )
    try:
        told = picture.getexif().get(ExifTags.Base.Orientation)
    except (OSError, ValueError, SyntaxError, TypeError, LookupError, struct.error):
        told = None
    way = ways[told - 1] if isinstance(told, int) and 1 <= told <= len(ways) else None
    return picture if way is None else picture.transpose(way)


def _path(workspace: Workspace, name: str) -> Path:
    return workspace.uploads / "photos" / f"{name}.jpg"
