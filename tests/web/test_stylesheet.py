"""Colours can be told apart by everyone, in light, in dark and on paper."""

from __future__ import annotations

import re

import pytest

from kitaran.web.layout import STATIC

CSS = (STATIC / "kitaran.css").read_text(encoding="utf-8")
TEXT_ON = [
    ("--ink", "--paper"), ("--ink", "--wash"), ("--ink-soft", "--paper"), ("--ink-soft", "--wash"),
    ("--accent", "--paper"), ("--accent", "--wash"), ("--accent-strong", "--accent-wash"),
    ("--on-accent", "--accent"), ("--on-accent", "--accent-strong"), ("--warn", "--warn-wash"),
    ("--ink", "--warn-wash"), ("--wrong", "--paper"), ("--ink", "--wrong-wash"), ("--ink", "--done-wash"),
    ("--paper", "--ink"), *((f"--chart-{n}", "--paper") for n in range(1, 9)),
]  # fmt: skip
SIGNS_ON = [("--focus", "--paper"), ("--focus", "--wash"), ("--rule-strong", "--paper")]


def tokens(start: str) -> dict[str, str]:
    block = CSS.partition(start)[2].partition("}")[0]
    return dict(re.findall(r"(--[\w-]+):\s*(#[0-9a-f]{6});", block))


LIGHT = tokens(":root {")
DARK_OF_DEVICE = tokens(':root:not([data-theme="light"]) {')
DARK_CHOSEN = tokens(':root[data-theme="dark"] {')


def luminance(colour: str) -> float:
    """Relative luminance of WCAG 2.2."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("theme", [LIGHT, DARK_CHOSEN], ids=["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), TEXT_ON)
def test_text_reaches_4_5_to_1(theme: dict[str, str], text: str, ground: str) -> None:
    assert contrast(theme[text], theme[ground]) >= 4.5


@pytest.mark.parametrize("theme", [LIGHT, DARK_CHOSEN], ids=["light", "dark"])
@pytest.mark.parametrize(("sign", "ground"), SIGNS_ON)
def test_signs_reach_3_to_1(theme: dict[str, str], sign: str, ground: str) -> None:
    assert contrast(theme[sign], theme[ground]) >= 3


@pytest.mark.parametrize("theme", [LIGHT, DARK_CHOSEN], ids=["light", "dark"])
def test_shades_of_the_map_rise_evenly_in_lightness(theme: dict[str, str]) -> None:
    steps = [luminance(theme[f"--step-{n}"]) for n in range(1, 6)]
    assert steps in (sorted(steps), sorted(steps, reverse=True))
    ratios = [contrast(theme[f"--step-{n}"], theme[f"--step-{n + 1}"]) for n in range(1, 5)]
    assert min(ratios) > 1.3


def test_dark_by_device_and_dark_by_choice_are_one() -> None:
    assert DARK_OF_DEVICE == DARK_CHOSEN


def test_dark_knows_every_colour_of_light() -> None:
    assert DARK_CHOSEN.keys() == LIGHT.keys()


def test_every_token_that_is_used_is_defined() -> None:
    used = set(re.findall(r"var\((--[\w-]+)\)", CSS))
    assert used <= set(re.findall(r"(--[\w-]+):", CSS))


def test_the_sheet_asks_for_nothing_from_elsewhere() -> None:
    assert not re.search(r"@import|url\((?!\"#)", CSS)
