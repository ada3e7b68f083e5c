"""Typesetting: reproducible bytes, every script of the region, and words that stay words."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path

import pytest
from pypdf import PdfReader

from kitaran.foundation.typesetting import FONTS, families, missing_characters, pictures, typeset

DAY = date(2026, 6, 1)
NAMES = {
    "Thai": "บริษัท แบตเตอรี่ไทย จำกัด",
    "Lao": "ບໍລິສັດ ແບັດເຕີຣີ ລາວ",
    "Khmer": "ក្រុមហ៊ុនថ្មកម្ពុជា",
    "Bengali": "বাংলাদেশ ব্যাটারি লিমিটেড",
    "Sinhala": "ශ්‍රී ලංකා බැටරි සමාගම",
    "Tibetan": "འབྲུག་རྒྱལ་ཁབ་",
    "Devanagari": "राष्ट्रीय बैटरी निगम",
    "Chinese": "深圳市动力电池回收有限公司",
    "traditional Chinese": "臺灣電池回收股份有限公司",
    "Japanese": "日本電池リサイクル株式会社",
    "Korean": "한국배터리재활용주식회사",
    "Tamil": "தமிழ் மின்கலம்",
    "Burmese": "မြန်မာဘက်ထရီ",
    "Persian": "شرکت بازیافت باتری",
    "Dhivehi": "ދިވެހި ބެޓަރީ",
    "Mongolian": "ᠮᠣᠩᠭᠣᠯ",
    "Vietnamese": "Công ty Đặng Thị Nguyễn",
    "Cyrillic": "Монгол батарей",
    "Georgian": "საქართველო",
    "Armenian": "Հայաստան",
}


@pytest.fixture
def template(tmp_path: Path) -> Path:
    path = tmp_path / "words.typ"
    path.write_text(
        "#let facts = json(bytes(sys.inputs.facts))\n#set text(font: facts.fonts)\n"
        '#set document(title: "Words")\n'
        "#for word in facts.words [#word \\ ]\n",
        encoding="utf-8",
    )
    return path


def words(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def test_the_same_facts_give_the_same_bytes_and_the_day_is_the_documents_own(template: Path) -> None:
    facts = {"words": list(NAMES.values())}
    first, second = (typeset(template, facts, DAY).pdf for _ in range(2))
    assert first == second
    made = PdfReader(io.BytesIO(first)).metadata
    assert made is not None
    assert made.creation_date is not None
    assert made.creation_date.date() == DAY


@pytest.mark.parametrize("script", NAMES)
def test_a_name_in_every_script_of_the_region_has_its_letters(template: Path, script: str) -> None:
    assert missing_characters([NAMES[script]]) == ""
    pdf = typeset(template, {"words": [NAMES[script]]}, DAY).pdf
    used = {
        str(font["/BaseFont"]).partition("+")[2]
        for page in PdfReader(io.BytesIO(pdf)).pages
        for font in (reference.get_object() for reference in page["/Resources"]["/Font"].values())  # type: ignore[index]
    }
    assert used <= {name.name.split(".")[0] for name in fonts()} | {"KitaranCJK", "KitaranCJK-Identity-H"}


def fonts() -> list[Path]:
    return [path for path in FONTS.iterdir() if path.suffix in (".ttf", ".otf")]


def test_a_character_that_no_packaged_font_holds_is_named(template: Path) -> None:
    assert missing_characters({"a": ["é", {"b": "\U0001f50b\n\u200b"}]}) == "\U0001f50b"
    assert typeset(template, {"words": ["\U0001f50b"]}, DAY).uncarried == "\U0001f50b"


@pytest.mark.parametrize(
    "attack",
    [
        '#read("/etc/passwd")',
        "#panic()",
        "$ sum_(i=0)^n $",
        "@label <label>",
        "*bold* _it_ `raw` // comment",
        "\\u{41} \\",
        '"], "x": ["',
        "= Heading",
        "#import sys: *",
    ],
)
def test_words_of_users_stay_words(template: Path, attack: str) -> None:
    assert words(typeset(template, {"words": [attack]}, DAY).pdf).split() == attack.split()


def test_control_characters_are_left_out(template: Path) -> None:
    assert words(typeset(template, {"words": ["a\x00b\x1b\ud800c"]}, DAY).pdf).split() == ["abc"]


def test_the_file_can_be_kept_and_read_aloud(template: Path) -> None:
    pdf = typeset(template, {"words": list(NAMES.values())}, DAY).pdf
    assert b"pdfuaid:part" in pdf
    assert b"pdfaid:part" in pdf


def test_a_template_reads_no_file_outside_its_folder(template: Path, tmp_path: Path) -> None:
    (tmp_path / "inner").mkdir()
    (tmp_path / "secret.txt").write_text("secret")
    inner = tmp_path / "inner" / "steal.typ"
    inner.write_text('#read("../secret.txt")')
    with pytest.raises(RuntimeError, match=r"(?i)root|denied|outside"):
        typeset(inner, {}, DAY)


def test_pages_can_be_looked_at(template: Path) -> None:
    pages = pictures(template, {"words": ["line"] * 200})
    assert len(pages) > 1
    assert all(page.startswith(b"\x89PNG") for page in pages)


def test_the_fonts_carry_their_licence_and_stay_moderate() -> None:
    assert "SIL OPEN FONT LICENSE Version 1.1" in (FONTS / "OFL.txt").read_text(encoding="utf-8")
    assert sum(path.stat().st_size for path in fonts()) < 15e6
    assert families()[0] == "Noto Sans"
    assert len(families()) == len(fonts()) - 1  # Noto Sans has two weights
