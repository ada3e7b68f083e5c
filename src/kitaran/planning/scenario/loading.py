"""Scenario files: packaged ones by name, others by path; every fault with its line, all at once."""

from __future__ import annotations

import difflib
import json
from importlib import resources
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError
from pydantic_core import ErrorDetails
from yaml.reader import ReaderError

from kitaran.foundation.errors import Fault, InputError, NotFoundError
from kitaran.planning.scenario import consistency
from kitaran.planning.scenario.marked_yaml import Marked, TooMuchError
from kitaran.planning.scenario.model import Scenario
from kitaran.planning.scenario.validation_words import COMPARE, in_words, of_another_branch, place_of

_PACKAGED = resources.files("kitaran.planning.scenario") / "packaged"
_SUFFIX = ".yaml"
_MOST_BYTES = 1_000_000


def names() -> tuple[str, ...]:
    """Names of the packaged scenarios, `asia-pacific` first."""
    found = sorted(
        item.name.removesuffix(_SUFFIX) for item in _PACKAGED.iterdir() if item.name.endswith(_SUFFIX)
    )
    return tuple(sorted(found, key=lambda name: (name != "asia-pacific", name)))


def load(name_or_path: str | Path) -> Scenario:
    """A packaged scenario by name, or a file.

    NotFoundError if there is neither; InputError carries every fault of the file with its line.
    """
    text, place = _text(name_or_path)
    scenario, faults = parse(text, place)
    if scenario is None or faults:
        raise InputError(f"The scenario {place} has {_counted(len(faults))}.", faults=faults)
    return scenario


def check(path: str | Path) -> list[Fault]:
    """Everything that is wrong with a scenario file; empty if it can be run."""
    text, place = _text(path)
    return parse(text, place)[1]


def schema() -> dict[str, Any]:
    """JSON Schema of a scenario file, for editors and for checks elsewhere."""
    made = Scenario.model_json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **made}


def dumps(scenario: Scenario) -> str:
    """The scenario as canonical JSON: same scenario, same text."""
    return json.dumps(
        scenario.model_dump(mode="json"), sort_keys=True, ensure_ascii=True, separators=(",", ":")
    )


def _text(name_or_path: str | Path) -> tuple[str, str]:
    name = str(name_or_path)
    if name in names():
        return (_PACKAGED / f"{name}{_SUFFIX}").read_text(encoding="utf-8"), name
    path = Path(name_or_path)
    if not path.is_file():
        near = difflib.get_close_matches(name, names(), 1)
        hint = f"Did you mean {near[0]}?" if near else f"Packaged are: {', '.join(names())}."
        raise NotFoundError(f"There is no scenario and no file {name!r}.", name, hint)
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise InputError("The file is over 1 MB, which no scenario needs.", str(path), "Shorten it.")
        return path.read_text(encoding="utf-8"), str(path)
    except UnicodeDecodeError as error:
        raise InputError("The file is not UTF-8 text.", str(path), "Save it as UTF-8.") from error


def parse(text: str, place: str) -> tuple[Scenario | None, list[Fault]]:
    """Scenario and faults of a YAML text; the scenario is None if it cannot be made."""
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        return None, [Fault(f"{place}:{line}", f"This is not YAML: {error.problem}.", "Mend the line.")]
    except ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        cause = f"The sign U+{int(error.character):04X} cannot stand in YAML."
        return None, [Fault(f"{place}:{line}", cause, "Take it out.")]
    except RecursionError:
        return None, [Fault(f"{place}:1", "The file is nested too deep to be read.", COMPARE)]
    if not isinstance(node, yaml.MappingNode):
        return None, [
            Fault(f"{place}:1", "The file holds no keys.", f"Begin with `name: my-scenario`. {COMPARE}")
        ]
    marked = Marked(place)
    try:
        data = marked.read(node, ())
    except TooMuchError as error:
        return None, [error.fault]
    try:
        scenario = Scenario.model_validate(data)
    except ValidationError as error:
        faults = [
            *marked.faults,
            *(_fault(marked, item) for item in error.errors() if not of_another_branch(item)),
            *consistency.unknown_codes(marked, data),
        ]
        return None, sorted(set(faults), key=_by_line)
    faults = [
        *marked.faults,
        *consistency.unknown_codes(marked, data),
        *consistency.unknown_assumptions(marked, scenario),
        *consistency.repeated_shares(marked, scenario),
        *consistency.nothing_left(marked, scenario),
    ]
    return scenario, sorted(set(faults), key=_by_line)


def _fault(marked: Marked, error: ErrorDetails) -> Fault:
    """One finding of the model in plain words, with its line."""
    return marked.at(place_of(error), *in_words(error))


def _by_line(fault: Fault) -> tuple[int, str]:
    return int(fault.place.rpartition(":")[2] or 0), fault.cause


def _counted(faults: int) -> str:
    return "1 fault" if faults == 1 else f"{faults} faults"
