"""QR codes (ISO/IEC 18004): made as SVG and PNG, and read from a photo.

A code on a battery lives through dirt and scratches, so it is made at error correction level Q: a quarter
of it may be lost.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kitaran.foundation.errors import InputError

if TYPE_CHECKING:
    from PIL import Image

CORRECTION = "q"
QUIET_ZONE = 4  # modules, as the standard asks
LARGEST_PHOTO_BYTES = 25_000_000
LARGEST_PHOTO_PIXELS = 25_000_000
"""Of what is decoded: it and the reader's copies take some 10 bytes a pixel."""
LARGEST_JPEG_PIXELS = 110_000_000
"""A JPEG, which a telephone makes, is decoded at half or a quarter of its sides if it is larger."""
LARGEST_PHOTO_SIDE = 65_535  # pixels; the reader of codes takes no more
_REMEDY = "Give a JPEG, PNG or WebP photo in which the code fills a good part of the picture."


@dataclass(frozen=True, slots=True)
class Seen:
    """A code found in a photo: its text and its symbology, such as QR Code or Data Matrix."""

    text: str
    symbology: str


def svg(text: str, module_mm: float = 0.5) -> str:
    """The code as SVG, one module `module_mm` wide, black on white. InputError if the text is too long."""
    out = io.BytesIO()
    _code(text).save(
        out, kind="svg", scale=module_mm, unit="mm", border=QUIET_ZONE, light="white", xmldecl=False
    )
    return out.getvalue().decode("utf-8")


def png(text: str, module_pixels: int = 8) -> bytes:
    """The code as PNG, one module `module_pixels` wide. InputError if the text is too long."""
    out = io.BytesIO()
    _code(text).save(out, kind="png", scale=module_pixels, border=QUIET_ZONE)
    return out.getvalue()


def _code(text: str) -> Any:
    import segno

    if not text:
        raise InputError(
            "There is nothing to put into the code.", "code", "Give the text or address of the code."
        )
    try:
        return segno.make_qr(text, error=CORRECTION, boost_error=False)
    except UnicodeEncodeError:
        raise InputError("The text holds half a character.", "code", "Type it again.") from None
    except segno.DataOverflowError:
        cause = f"A QR code cannot hold {len(text)} characters."
        raise InputError(cause, "code", "Give a shorter address.") from None


def read_photo(photo: bytes, place: str = "photo") -> tuple[Seen, ...]:
    """All codes in a photo, in the order of their text; none if it shows none.

    InputError if it is no picture, or too large a one.
    """
    import zxingcpp
    from PIL import Image, UnidentifiedImageError

    if len(photo) > LARGEST_PHOTO_BYTES:
        raise InputError(
            f"The photo has more than {LARGEST_PHOTO_BYTES // 10**6} MB.", place, "Make it smaller."
        )
    try:
        with Image.open(io.BytesIO(photo), formats=("JPEG", "PNG", "WEBP", "BMP", "TIFF")) as opened:
            sides = opened.size
            if max(sides) > LARGEST_PHOTO_SIDE or _decoded(opened) > LARGEST_PHOTO_PIXELS:
                cause = f"The photo has too many pixels: {sides[0]} by {sides[1]}."
                remedy = "Photograph the label alone, or send a JPEG of 25 megapixels or less."
                raise InputError(cause, place, remedy)
            grey = opened.convert("L")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise InputError("It is no picture that can be read.", place, _REMEDY) from None
    found = {Seen(code.text, str(code.symbology)) for code in zxingcpp.read_barcodes(grey) if code.valid}
    return tuple(sorted(found, key=lambda seen: (seen.text, seen.symbology)))


def _decoded(opened: Image.Image) -> int:
    """How many pixels it will have in memory; of a large JPEG only every second or fourth is decoded."""
    width, height = opened.size
    if opened.format == "JPEG" and LARGEST_PHOTO_PIXELS < width * height <= LARGEST_JPEG_PIXELS:
        step = 4 if width * height > 4 * LARGEST_PHOTO_PIXELS else 2
        opened.draft("L", (width // step, height // step))
    return opened.size[0] * opened.size[1]
