"""The menu: doors of the house, and the rooms behind the one that stands open."""

from __future__ import annotations

import pytest

from kitaran.web.layout import menu


def here(shown: list[dict[str, object]]) -> list[object]:
    return [each["path"] for each in shown if each["here"]]


@pytest.mark.parametrize(
    ("path", "room"),
    [
        ("/plan", "/plan"),
        ("/plan/THA", "/plan"),
        ("/plan/flows", "/plan/flows"),
        ("/plan/value", "/plan/value"),
    ],
)
def test_a_planning_page_stands_in_its_room_behind_one_door(path: str, room: str) -> None:
    doors, rooms = menu(path)
    assert here(doors) == ["/plan"]
    assert here(rooms) == [room]
    assert not {"/plan/flows", "/plan/lifetime"} & {door["path"] for door in doors}


def test_a_door_with_one_room_shows_no_rooms() -> None:
    doors, rooms = menu("/move/rules")
    assert here(doors) == ["/move"]
    assert rooms == []


def test_the_first_page_stands_behind_no_door() -> None:
    doors, rooms = menu("/")
    assert here(doors) == []
    assert rooms == []


@pytest.mark.parametrize(
    ("path", "door"),
    [
        ("/movements/new", "/move"),
        ("/handover", "/facility"),
        ("/alerts", "/facilities"),
        ("/observatory", "/own-data"),
    ],
)
def test_a_room_without_a_label_stands_behind_the_door_through_which_one_comes(path: str, door: str) -> None:
    doors, _ = menu(path)
    assert here(doors) == [door]
