"""A battery or lot without a passport comes into a yard: its history starts there, and custody with it."""

from __future__ import annotations

import io
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageOps

from kitaran.foundation.database import reading
from kitaran.foundation.errors import InputError
from kitaran.foundation.workspace import Workspace
from kitaran.registry.assembly import Registry
from kitaran.registry.custody.intake import take_in
from kitaran.registry.ledger import repository as log
from kitaran.registry.ledger.errors import ConflictError, NotAllowedError
from kitaran.registry.parties.hand import Hand
from kitaran.registry.passport import intake_photos, repository
from tests.registry.parties.test_facilities import found

from .conftest import Yard, assert_rebuilt_the_same, standing

PACK: dict[str, Any] = {"what": "pack", "mass_kg": "11.4", "chemistry": "unknown", "known_by": "unknown"}
LOT: dict[str, Any] = {
    "what": "lead_acid_lot",
    "mass_kg": "300",
    "count": 20,
    "chemistry": "lead_acid",
    "known_by": "declared",
}


def hand_of(yard: Yard) -> Hand:
    return Hand(yard.registry.ledger, yard.client.key, yard.id)


def size(registry: Registry) -> int:
    with reading(registry.engine) as connection:
        return log.size(connection)


def test_history_and_custody_begin_together_where_it_lies(registry: Registry, works: Yard) -> None:
    label = {"voltage_v": "60", "capacity_ah": "24", "signs": ["swollen"], "codes": ["SCOOTER-77"]}
    before = size(registry)
    made = take_in(hand_of(works), {**PACK, **label}, facility="works-1")
    assert size(registry) == before + 2
    assert [one["seq"] for one in made.receipts] == [before, before + 1]
    now = standing(registry, made.item)
    assert (now.holder, now.owner, str(now.mass_kg), now.form) == (works.id, works.id, "11.4", "pack")
    with reading(registry.engine) as connection:
        battery = repository.battery(connection, made.battery)
    assert battery is not None
    assert (battery.origin, battery.content["voltage_v"]) == ("taken_in", "60")
    assert_rebuilt_the_same(registry)


def test_a_lot_is_weighed_and_counted_and_a_single_one_is_not_counted(works: Yard) -> None:
    made = take_in(hand_of(works), LOT, facility="works-1")
    assert (now := standing(works.registry, made.item)).count == 20
    assert now.form == "pack"
    with pytest.raises(InputError, match="weighed and counted"):
        take_in(hand_of(works), {**LOT, "count": None})
    with pytest.raises(InputError, match="Only a lot"):
        take_in(hand_of(works), {**PACK, "count": 2})


@pytest.mark.parametrize(
    "wrong",
    [
        {"chemistry": "unobtainium", "known_by": "label"},
        {"known_by": "tested"},
        {"test": "XRF"},
        {"mass_kg": "heavy"},
        {"signs": ["swollen", "swollen"]},
        {"assay": [{"item": "Ni", "percent": "12"}]},
        {"condition": " "},
    ],
)
def test_what_cannot_be_is_refused_and_nothing_of_it_is_kept(works: Yard, wrong: dict[str, Any]) -> None:
    before = size(works.registry)
    with pytest.raises(InputError):
        take_in(hand_of(works), {**PACK, **wrong}, facility="works-1")
    assert size(works.registry) == before


def test_nothing_is_taken_in_at_the_facility_of_another(fleet: Yard, works: Yard) -> None:
    before = size(works.registry)
    with pytest.raises(NotAllowedError, match="no such facility"):
        take_in(hand_of(fleet), PACK, facility="works-1")
    assert size(works.registry) == before


def test_a_code_that_is_known_is_taken_in_once(fleet: Yard, works: Yard) -> None:
    take_in(hand_of(works), {**PACK, "codes": ["SCOOTER-77"]})
    before = size(works.registry)
    with pytest.raises(ConflictError, match="known under this"):
        take_in(hand_of(fleet), {**PACK, "codes": ["SCOOTER-77"]})
    assert size(works.registry) == before


def test_black_mass_has_assay_moisture_and_impurities(works: Yard) -> None:
    told = {
        "what": "black_mass",
        "mass_kg": "850.5",
        "chemistry": "NMC622",
        "known_by": "tested",
        "test": "ICP-OES",
        "moisture_percent": "1.2",
        "assay": [{"item": "Ni", "percent": "21.5"}, {"item": "Cu", "percent": "0.9"}],
    }
    made = take_in(hand_of(works), told, facility="works-1")
    assert standing(works.registry, made.item).form == "other"


def test_what_lies_elsewhere_is_moved_by_its_holder_alone(
    registry: Registry, fleet: Yard, works: Yard
) -> None:
    works.begins("pack-1")
    works.say("stored", "pack-1", {"facility": "works-1"})
    found(registry, works.id, facility="works-2")
    works.say("stored", "pack-1", {"facility": "works-2"})
    with pytest.raises(NotAllowedError):
        fleet.say("stored", "pack-1", {"facility": "works-2"})
    found(registry, fleet.id, facility="fleet-1")
    with pytest.raises(NotAllowedError, match="no such item"):
        fleet.say("stored", "pack-1", {"facility": "fleet-1"})
    assert_rebuilt_the_same(registry)


# -- photos


def photo(**options: Any) -> bytes:
    out = io.BytesIO()
    picture = Image.new("RGB", (3000, 1000), (200, 30, 30))
    exif = Image.Exif()
    exif[0x010F] = "Maker of the telephone"
    picture.save(out, "JPEG", exif=exif, **options)
    return out.getvalue()


def test_a_photo_is_kept_without_what_its_telephone_wrote_into_it(tmp_path: Path) -> None:
    place = Workspace.make(tmp_path / "work")
    name = intake_photos.keep(place, photo())
    kept = intake_photos.find(place, name)
    assert kept is not None
    assert sha256(kept).hexdigest() == name
    assert b"telephone" not in kept
    with Image.open(io.BytesIO(kept)) as opened:
        assert max(opened.size) == intake_photos.LONGEST_SIDE
        assert not opened.getexif()
    assert intake_photos.keep(place, photo()) == name


def test_a_photo_can_be_taken_away_and_one_that_was_changed_is_not_shown(tmp_path: Path) -> None:
    place = Workspace.make(tmp_path / "work")
    name = intake_photos.keep(place, photo())
    file = place.uploads / "photos" / f"{name}.jpg"
    whole = file.read_bytes()
    file.write_bytes(whole + b"more")
    assert intake_photos.find(place, name) is None
    assert intake_photos.drop(place, name)
    assert not intake_photos.drop(place, name)


def test_a_sound_photo_with_broken_metadata_is_kept_and_turned_upright(tmp_path: Path) -> None:
    exif = bytearray(b"Exif\0\0MM\0*\0\0\0\x08\0\x02")
    exif += bytes.fromhex("011a0002000000050000002601120003000000010006000000000000") + b"abcd\0\0"
    place = Workspace.make(tmp_path / "work")
    out = io.BytesIO()
    Image.new("RGB", (300, 100)).save(out, "JPEG", exif=bytes(exif))  # a resolution that is text
    kept = intake_photos.find(place, intake_photos.keep(place, out.getvalue()))
    assert kept is not None
    with Image.open(io.BytesIO(kept)) as opened:
        assert opened.size == (100, 300)


@pytest.mark.parametrize("way", range(1, 9))
def test_every_orientation_is_turned_as_the_standard_says(way: int) -> None:
    picture = Image.new("RGB", (24, 16))
    picture.paste((255, 255, 255), (0, 0, 8, 8))
    exif = Image.Exif()
    exif[0x0112] = way
    out = io.BytesIO()
    picture.save(out, "PNG", exif=exif)
    with Image.open(io.BytesIO(out.getvalue())) as sent:
        wanted = ImageOps.exif_transpose(sent).convert("L")
    with Image.open(io.BytesIO(intake_photos.cleaned(out.getvalue()))) as kept:
        found = kept.convert("L")
        assert found.size == wanted.size
        corners = [(3, 3), (wanted.width - 4, 3), (3, wanted.height - 4)]
        assert [_is_light(found, c) for c in corners] == [_is_light(wanted, c) for c in corners]


def _is_light(picture: Image.Image, at: tuple[int, int]) -> bool:
    grey = picture.getpixel(at)
    assert isinstance(grey, int)
    return grey > 127


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"\xff\xd8\xff\xe0 no picture"])
def test_what_is_no_photo_is_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(InputError, match="no photo"):
        intake_photos.keep(Workspace.make(tmp_path / "work"), content)


def test_too_large_a_photo_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = Workspace.make(tmp_path / "work")
    monkeypatch.setattr(
        intake_photos, "LARGEST_PIXELS", dict.fromkeys(intake_photos.LARGEST_PIXELS, 2_999_999)
    )
    with pytest.raises(InputError, match="too many pixels"):
        intake_photos.keep(place, photo())
    monkeypatch.setattr(intake_photos, "LARGEST_BYTES", 100)
    with pytest.raises(InputError, match="12 MB"):
        intake_photos.keep(place, photo())
