"""Carry the fonts for printing from two Debian packages into the package.

    apt-get download fonts-noto-core fonts-noto-cjk
    for each: dpkg-deb -x PACKAGE.deb UNPACKED
    python tools/carry_fonts.py UNPACKED

One font a script, unchanged; the CJK font, 20 MB as published, is cut to the characters of the national
encodings and bears a name of its own. Needs fontTools (not a dependency of the package). Same Debian packages
and same fontTools, same bytes.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

FONTS = Path(__file__).parents[1] / "src" / "kitaran" / "foundation" / "fonts"
LATIN = ("NotoSans-Regular", "NotoSans-Bold")
SANS = (
    *(
        "Arabic",
        "Armenian",
        "Bengali",
        "Devanagari",
        "Georgian",
        "Gujarati",
        "Gurmukhi",
        "Kannada",
        "Khmer",
        "Lao",
    ),
    *("Malayalam", "Mongolian", "Myanmar", "Oriya", "Sinhala", "Tamil", "Telugu", "Thaana", "Thai"),
)
UNCHANGED = (*LATIN, *(f"NotoSans{script}-Regular" for script in SANS), "NotoSerifTibetan-Regular")
CJK, CJK_INDEX, CJK_NAME = "NotoSansCJK-Regular.ttc", 2, "Kitaran CJK"  # index 2: simplified Chinese forms
ENCODINGS = ("gbk", "big5", "shift_jis", "euc_kr")
HANGUL = range(0xAC00, 0xD7A4)


def encoded(encoding: str) -> Iterator[int]:
    """The characters of a two-byte encoding."""
    for first in range(0x81, 0xFF):
        for second in range(0x40, 0xFF):
            try:
                yield from map(ord, bytes([first, second]).decode(encoding))
            except UnicodeDecodeError:
                continue


def cjk(source: Path, target: Path) -> None:
    """Cut the CJK font to the encodings and all Hangul syllables, without layout tables and hints."""
    font = TTFont(source, fontNumber=CJK_INDEX, recalcTimestamp=False)
    options = Options(layout_features=[], hinting=False, name_IDs=[0, 1, 2, 3, 4, 5, 6, 13, 14])
    cutter = Subsetter(options)
    cutter.populate(unicodes={point for encoding in ENCODINGS for point in encoded(encoding)} | set(HANGUL))
    cutter.subset(font)
    for record in font["name"].names:
        if record.nameID in (1, 3, 4, 6):
            record.string = CJK_NAME if record.nameID in (1, 4) else CJK_NAME.replace(" ", "")
    font["CFF "].cff.fontNames = [CJK_NAME.replace(" ", "")]
    font.save(target)


def ranges(points: Iterable[int]) -> Iterator[str]:
    """Code points as ranges `first-last` in hexadecimal."""
    first = last = -1
    for point in sorted(points):
        if point != last + 1:
            if last >= 0:
                yield f"{first:X}-{last:X}"
            first = point
        last = point
    yield f"{first:X}-{last:X}"


def main(unpacked: Path) -> None:
    FONTS.mkdir(exist_ok=True)
    for name in UNCHANGED:
        (FONTS / f"{name}.ttf").write_bytes(next(unpacked.rglob(f"{name}.ttf")).read_bytes())
    cjk(next(unpacked.rglob(CJK)), FONTS / "KitaranCJK-Regular.otf")
    covered = {
        point
        for path in sorted(FONTS.iterdir())
        if path.suffix in (".ttf", ".otf")
        for point in TTFont(path).getBestCmap()
    }
    (FONTS / "coverage.txt").write_text("\n".join(ranges(covered)) + "\n", encoding="ascii")


if __name__ == "__main__":
    os.environ.setdefault("SOURCE_DATE_EPOCH", "0")
    main(Path(sys.argv[1]))
