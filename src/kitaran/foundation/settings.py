"""Settings: from the environment (KITARAN_*), then `kitaran.toml` in the workspace, then the defaults here.

A command-line option stands above both.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from kitaran.foundation.errors import Fault, InputError

DEFAULT_PORT = 8474


class Settings(BaseSettings):
    """What an installation may set."""

    model_config = SettingsConfigDict(env_prefix="KITARAN_", extra="ignore", frozen=True)

    host: str = Field("127.0.0.1", description="address to serve on")
    port: int = Field(DEFAULT_PORT, ge=1, le=65535, description="port to serve on, or the next free one")
    public_url: str | None = Field(
        None, pattern=r"^https?://[^\s/]+/?$", description="address under which others reach this server"
    )
    lan: bool = Field(False, description="serve the local network over TLS with a certificate made here")
    trusted_proxies: str | None = Field(
        None,
        pattern=r"^[0-9A-Fa-f.:/]+( [0-9A-Fa-f.:/]+)*$",
        description="addresses or networks of proxies whose word on the caller's address and TLS is believed",
    )
    witnesses: str | None = Field(
        None,
        pattern=r"^https?://\S+=\S+( https?://\S+=\S+)*$",
        description="witnesses asked for each checkpoint, ADDRESS=KEY, with a blank between two",
    )
    database_url: str | None = Field(
        None,
        pattern=r"^postgresql://\S+$",
        description="address of the PostgreSQL database that holds the registry, instead of a file",
    )
    oidc_issuer: str | None = Field(
        None, pattern=r"^https?://\S+$", description="another provider with which people may sign in"
    )
    oidc_client_id: str | None = Field(None, description="name of this installation at that provider")
    oidc_client_secret: SecretStr | None = Field(None, description="its secret there, if it has one")
    oidc_label: str | None = Field(None, max_length=60, description="words on the button to that provider")
    samples: int = Field(200, ge=10, le=10_000, description="samples of a scenario run")
    seed: int = Field(1, ge=0, description="seed of a scenario run")
    scenario: str = Field("asia-pacific", description="packaged scenario that `kitaran up` runs first")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)


def read_settings(toml: Path | None = None, **given: Any) -> Settings:
    """The settings that hold: `given` (None means not given), then environment, then the file, then defaults.

    Raises InputError naming the setting, what is wrong with it, and where to mend it.
    """
    _refuse_unknown_keys(toml)

    class FromFile(Settings):
        model_config = SettingsConfigDict(toml_file=toml)

    try:
        return FromFile(**{name: value for name, value in given.items() if value is not None})
    except ValidationError as error:
        raise InputError(
            "Some settings cannot be used.", faults=[_fault(e, toml) for e in error.errors()]
        ) from error


def _refuse_unknown_keys(toml: Path | None) -> None:
    if toml is None or not toml.is_file():
        return
    try:
        keys = tomllib.loads(toml.read_text(encoding="utf-8")).keys()
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(
            f"This is not TOML: {error}.", str(toml), "Correct the line or delete the file."
        ) from error
    known = Settings.model_fields
    faults = [
        Fault(f"{toml}, {key}", "There is no such setting.", f"Known are {', '.join(known)}.")
        for key in keys
        if key not in known
    ]
    if faults:
        raise InputError("Some settings are unknown.", faults=faults)


def _fault(error: Any, toml: Path | None) -> Fault:
    name = str(error["loc"][0])
    return Fault(
        f"setting {name}",
        f"{error['msg']}; it is {error['input']!r}.",
        f"Change the option --{name.replace('_', '-')}, KITARAN_{name.upper()}"
        + (f" or {toml}." if toml else "."),
    )
