from pathlib import Path

import pytest

from kitaran.foundation.errors import InputError
from kitaran.foundation.settings import DEFAULT_PORT, read_settings


@pytest.fixture
def toml(tmp_path: Path) -> Path:
    return tmp_path / "kitaran.toml"


def test_defaults_hold_where_nothing_is_said(toml: Path) -> None:
    settings = read_settings(toml)
    assert (settings.host, settings.port, settings.public_url) == ("127.0.0.1", DEFAULT_PORT, None)


def test_an_option_stands_above_the_environment_above_the_file(
    toml: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    toml.write_text("port = 9001\nsamples = 50\nseed = 3\n")
    monkeypatch.setenv("KITARAN_PORT", "9002")
    monkeypatch.setenv("KITARAN_SAMPLES", "60")
    settings = read_settings(toml, port=9003, samples=None)
    assert (settings.port, settings.samples, settings.seed) == (9003, 60, 3)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("port", 70000),
        ("samples", 1),
        ("public_url", "example.org"),
        ("public_url", "https://example.org/kitaran"),
    ],
)
def test_a_setting_out_of_its_range_is_named_with_its_value(toml: Path, name: str, value: object) -> None:
    with pytest.raises(InputError) as error:
        read_settings(toml, **{name: value})
    fault = error.value.faults[0]
    assert fault.place == f"setting {name}"
    assert repr(value) in fault.cause
    assert f"KITARAN_{name.upper()}" in fault.remedy


def test_a_misspelt_setting_is_not_silently_ignored(toml: Path) -> None:
    toml.write_text("prot = 9001\n")
    with pytest.raises(InputError) as error:
        read_settings(toml)
    assert "prot" in error.value.faults[0].place
    assert "port" in error.value.faults[0].remedy


def test_a_file_that_is_not_toml_is_named_with_its_line(toml: Path) -> None:
    toml.write_text("port = \n")
    with pytest.raises(InputError, match="line 1"):
        read_settings(toml)
