"""Codes that are made can be read again: from the picture, from a poor photo, and from the printed sheet."""

from __future__ import annotations

import io
from contextlib import suppress
from datetime import date

import pytest
from PIL import Image, ImageFilter

from kitaran.foundation.errors import InputError
from kitaran.foundation.typesetting import pictures
from kitaran.registry.identity import labels, qr

LINK = "https://example.com/01/09521234543213/21/ABC123"
DAY = date(2026, 1, 31)


def _photo(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.convert("RGB").save(out, format="JPEG", quality=60)
    return out.getvalue()


def test_a_code_is_read_from_its_picture() -> None:
    assert [seen.text for seen in qr.read_photo(qr.png(LINK))] == [LINK]


def test_a_code_is_read_from_a_turned_and_blurred_photo_with_a_scratch() -> None:
    picture = Image.open(io.BytesIO(qr.png(LINK, 6))).convert("L")
    picture.paste(
        255, (picture.width // 2, picture.height // 2, picture.width // 2 + 14, picture.height // 2 + 60)
    )
    turned = picture.rotate(17, expand=True, fillcolor=200).filter(ImageFilter.GaussianBlur(1.5))
    assert [seen.text for seen in qr.read_photo(_photo(turned))] == [LINK]


def test_a_photo_without_a_code_gives_none() -> None:
    assert qr.read_photo(_photo(Image.new("L", (300, 200), 128))) == ()


@pytest.mark.parametrize("content", [b"", b"not a picture", qr.png(LINK)[:200]])
def test_what_is_no_picture_is_refused_with_a_remedy(content: bytes) -> None:
    with pytest.raises(InputError) as refused:
        qr.read_photo(content, "label.jpg")
    assert refused.value.place == "label.jpg"
    assert refused.value.remedy


def test_a_text_too_long_for_a_code_is_refused() -> None:
    with pytest.raises(InputError):
        qr.svg("x" * 5000)


def test_every_code_on_a_printed_sheet_is_read_again() -> None:
    made = [labels.Label(f"{LINK}{number}", (f"Pack {number}",)) for number in range(30)]
    pages = pictures(labels.TEMPLATE, labels.facts(made), dots_per_inch=200)
    assert len(pages) == 2
    seen = {found.text for page in pages for found in qr.read_photo(page)}
    assert seen == {label.code for label in made}


def test_the_same_labels_give_the_same_file() -> None:
    made = [labels.Label(LINK, ("แบตเตอรี่ 17", "SN 0123456789" * 6, "#read(1)"))]
    assert labels.sheet(made, DAY) == labels.sheet(made, DAY)
    assert labels.sheet(made, DAY).startswith(b"%PDF")


def test_a_label_has_room_for_four_lines() -> None:
    with pytest.raises(InputError, match="too many lines"):
        labels.sheet([labels.Label(LINK, ("a", "b", "c", "d", "e"))], DAY)


def test_a_picture_wider_than_a_reader_takes_is_refused() -> None:
    out = io.BytesIO()
    Image.new("1", (70_000, 1)).save(out, format="PNG")
    with pytest.raises(InputError, match="too many pixels"):
        qr.read_photo(out.getvalue())


def test_a_photo_of_a_large_camera_is_read_at_half_its_sides_and_a_larger_picture_refused() -> None:
    page = Image.new("L", (7_000, 5_000), 255)
    page.paste(Image.open(io.BytesIO(qr.png(LINK))).convert("L").resize((1_200, 1_200)), (2_000, 1_500))
    jpeg, png = io.BytesIO(), io.BytesIO()
    page.save(jpeg, format="JPEG", quality=80)
    page.convert("1").save(png, format="PNG")
    assert [seen.text for seen in qr.read_photo(jpeg.getvalue())] == [LINK]
    with pytest.raises(InputError, match="7000 by 5000") as refused:
        qr.read_photo(png.getvalue())
    assert "25 megapixels" in refused.value.remedy


def test_a_photo_with_any_byte_bent_is_read_or_refused() -> None:
    whole = qr.png(LINK)
    for place in range(len(whole)):
        for bent in (0, 45, 255):
            with suppress(InputError):
                qr.read_photo(whole[:place] + bytes([bent]) + whole[place + 1 :])


def test_half_a_character_makes_no_code() -> None:
    with pytest.raises(InputError, match="half a character"):
        qr.svg("\ud800")
