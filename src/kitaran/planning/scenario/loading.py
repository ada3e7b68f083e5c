"""Scenario files: packaged ones by name, others by path; every fault with its line, all at once."""

from __future__ import annotations

import difflib
import json
import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError
from pydantic_core import ErrorDetails
from yaml.reader import ReaderError

from kitaran.foundation.errors import Fault, InputError, NotFoundError
from kitaran.planning.scenario.assumptions import TABLE
from kitaran.planning.scenario.model import AssumptionChange, Scenario, ShareInYear
from kitaran.reference import Economy, economies, read

_PACKAGED = resources.files("kitaran.planning.scenario") / "packaged"
_SUFFIX = ".yaml"
PARTNERS_SHOWN = frozenset({"TWN"})
_REMEDY = "Compare with docs/scenario-example.yaml."
_MOST_BYTES = 1_000_000
_MOST_VALUES = 50_000
_DEEPEST = 20

# Between which bounds an assumption can be changed: by its name, else by its unit.
_BOUNDS = {
    "diffusion_steepness": (0.01, 2.0),
    "diffusion_noise": (0.01, 10.0),
    "peers": (1.0, 50.0),
    "peer_subregion_distance": (0.0, 100.0),
    "peer_spread": (1.0, 100.0),
    "range_grade_a": (1.0, 100.0),
    "range_grade_b": (1.0, 100.0),
    "range_grade_c": (1.0, 100.0),
    "range_grade_d": (1.0, 100.0),
    "1": (0.0, 100.0),
    "1/year": (0.0, 2.0),
    "year": (0.1, 100.0),
    "fraction": (0.0, 1.0),
    "USD/person": (1.0, 1e6),
    "factor": (0.1, 100.0),
}

_NUMBERS = ("tag:yaml.org,2002:int", "tag:yaml.org,2002:float")

Path_ = tuple[str | int, ...]


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


def forecast_economies() -> list[Economy]:
    """Economies that can be in a run: the region's, and the partners that are shown beside it."""
    return [place for place in economies() if place.in_region or place.code in PARTNERS_SHOWN]


def chosen_economies(scenario: Scenario) -> list[Economy]:
    """Economies of a run in the order of the table."""
    able = forecast_economies()
    wanted = {place.code for place in able} if scenario.economies == "all" else set(scenario.economies)
    return [place for place in able if place.code in wanted and place.code not in scenario.exclude]


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
        return None, [Fault(f"{place}:1", "The file is nested too deep to be read.", _REMEDY)]
    if not isinstance(node, yaml.MappingNode):
        return None, [
            Fault(f"{place}:1", "The file holds no keys.", f"Begin with `name: my-scenario`. {_REMEDY}")
        ]
    marked = _Marked(place)
    try:
        data = marked.read(node, ())
    except _TooMuchError as error:
        return None, [error.fault]
    try:
        scenario = Scenario.model_validate(data)
    except ValidationError as error:
        faults = [
            *marked.faults,
            *(marked.fault(item) for item in error.errors() if not _of_another_branch(item)),
            *marked.unknown_codes(data),
        ]
        return None, sorted(set(faults), key=_by_line)
    faults = [
        *marked.faults,
        *marked.unknown_codes(data),
        *marked.unknown_assumptions(scenario),
        *marked.repeated_shares(scenario),
        *marked.nothing_left(scenario),
    ]
    return scenario, sorted(set(faults), key=_by_line)


def _by_line(fault: Fault) -> tuple[int, str]:
    return int(fault.place.rpartition(":")[2] or 0), fault.cause


def _counted(faults: int) -> str:
    return "1 fault" if faults == 1 else f"{faults} faults"


class _TooMuchError(Exception):
    """A file that unfolds beyond all measure."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.cause)
        self.fault = fault


@dataclass
class _Marked:
    """Plain data of a YAML tree, with the line of every entry."""

    place: str
    lines: dict[Path_, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    _loader: yaml.SafeLoader = field(default_factory=lambda: yaml.SafeLoader(""))
    _values: int = 0

    def read(self, node: yaml.Node, path: Path_) -> Any:
        """Raises _TooMuchError where aliases or nesting unfold beyond what a scenario can hold."""
        line = node.start_mark.line + 1
        self._values += 1
        if self._values > _MOST_VALUES or len(path) > _DEEPEST:
            cause = "Entries repeat one another or are nested beyond what a scenario can hold."
            raise _TooMuchError(Fault(f"{self.place}:{line}", cause, "Write them out, without & and *."))
        self.lines.setdefault(path, line)
        if isinstance(node, yaml.MappingNode):
            return dict(self._entries(node, path))
        if isinstance(node, yaml.SequenceNode):
            return [self.read(item, (*path, index)) for index, item in enumerate(node.value)]
        return self._scalar(node)

    def _scalar(self, node: yaml.Node) -> Any:
        """The value of a scalar. A number that YAML reads otherwise than a person does (1:30 as 90, 010 as 8)
        stays text."""
        if node.tag in _NUMBERS:
            try:
                plain = float(node.value)
            except ValueError:
                plain = math.nan
            if not math.isfinite(plain) or self._loader.construct_object(node) != plain:
                return node.value
        try:
            return self._loader.construct_object(node)
        except (ValueError, yaml.YAMLError):
            return node.value

    def _entries(self, node: yaml.MappingNode, path: Path_) -> Iterator[tuple[str, Any]]:
        seen: set[str] = set()
        for key_node, value_node in node.value:
            key = str(key_node.value)
            line = key_node.start_mark.line + 1
            if key in seen:
                self.faults.append(
                    Fault(f"{self.place}:{line}", f"The key {key!r} stands twice.", "Keep one.")
                )
            seen.add(key)
            self.lines[(*path, key)] = line
            yield key, self.read(value_node, (*path, key))

    def line(self, path: Path_) -> int:
        """Line of an entry, or of the nearest entry around it."""
        while path not in self.lines and path:
            path = path[:-1]
        return self.lines.get(path, 1)

    def fault(self, error: ErrorDetails) -> Fault:
        """One finding of the model in plain words."""
        path = tuple(part for part in error["loc"] if not _is_branch(part))
        field_name = _field_in_words(path)
        cause, remedy = _in_words(error, field_name, path)
        return Fault(f"{self.place}:{self.line(path)}", cause, remedy)

    def unknown_codes(self, data: Any) -> list[Fault]:
        """Economy codes that look right and have no forecast."""
        able = {place.code for place in forecast_economies()}
        partners = {place.code for place in economies()} - able
        faults = []
        for path, code in _codes(data, ()):
            if not (isinstance(code, str) and len(code) == 3 and code.isupper()) or code in able:
                continue
            near = difflib.get_close_matches(code, sorted(able), 1)
            hint = f"Did you mean {near[0]}?" if near else "Give an ISO 3166 alpha-3 code, for example THA."
            cause = f"There is no economy {code!r}."
            if code in partners:
                cause, hint = f"{code} is a trade partner and has no forecast.", "Leave it out."
            faults.append(Fault(f"{self.place}:{self.line(path)}", cause, hint))
        return faults

    def repeated_shares(self, scenario: Scenario) -> list[Fault]:
        """Two shares for one economy, year, and class or type of battery."""
        faults = []
        by_key: dict[str, tuple[ShareInYear, ...]] = {
            "sales_targets": scenario.sales_targets,
            "lead_acid": scenario.lead_acid,
            "collection": scenario.collection,
            "repurposing": scenario.repurposing,
        }
        for key, shares in by_key.items():
            for index, later in enumerate(shares):
                for earlier in shares[:index]:
                    same = earlier.year == later.year and _one_subject(earlier, later)
                    common = not earlier.economies or not later.economies
                    if same and (common or set(earlier.economies) & set(later.economies)):
                        place = f"{self.place}:{self.line((key, index))}"
                        cause = f"{_subject(later) or key} in {later.year} has a share already."
                        faults.append(Fault(place, cause, "Keep one of them."))
        return faults

    def nothing_left(self, scenario: Scenario) -> list[Fault]:
        if chosen_economies(scenario):
            return []
        line = self.line(("exclude",) if scenario.exclude else ("economies",))
        return [Fault(f"{self.place}:{line}", "No economy is left to forecast.", "Name at least one.")]

    def unknown_assumptions(self, scenario: Scenario) -> list[Fault]:
        rows = {row.text("name"): row for row in read(TABLE)}
        faults = []
        for index, change in enumerate(scenario.assumptions):
            row = rows.get(change.name)
            if row is None:
                near = difflib.get_close_matches(change.name, sorted(rows), 1)
                hint = f"Did you mean {near[0]}?" if near else f"See `kitaran data show {TABLE}`."
                cause = f"There is no assumption {change.name!r}."
                faults.append(Fault(f"{self.place}:{self.line(('assumptions', index, 'name'))}", cause, hint))
            elif change.name in {other.name for other in scenario.assumptions[:index]}:
                place = f"{self.place}:{self.line(('assumptions', index, 'name'))}"
                faults.append(Fault(place, f"{change.name} stands twice.", "Keep one of them."))
            elif row.unit != change.unit:
                cause = f"The unit of {change.name} is {row.unit}, not {change.unit}."
                place = f"{self.place}:{self.line(('assumptions', index, 'unit'))}"
                faults.append(Fault(place, cause, f"Give the value in {row.unit}."))
            else:
                faults += self._out_of_bounds(change, index)
        return faults

    def _out_of_bounds(self, change: AssumptionChange, index: int) -> Iterator[Fault]:
        least, most = _BOUNDS.get(change.name) or _BOUNDS[change.unit]
        for key, value in (("value", change.value), ("low", change.low), ("high", change.high)):
            if value is not None and not least <= value <= most:
                place = f"{self.place}:{self.line(('assumptions', index, key))}"
                cause = f"{key} of {change.name} is {value:g}, which is out of range."
                yield Fault(place, cause, f"Give {least:g} to {most:g} {change.unit}.")


def _subject(share: ShareInYear) -> str:
    """Class of vehicles or type of battery that a share is of; empty for all of them."""
    return getattr(share, "vehicle_class", None) or getattr(share, "battery_type", None) or ""


def _one_subject(one: ShareInYear, other: ShareInYear) -> bool:
    """Whether both say something of the same batteries; a share of all says something of each."""
    return _subject(one) == _subject(other) or not (_subject(one) and _subject(other))


def _of_another_branch(error: ErrorDetails) -> bool:
    """Whether a finding belongs to the reading of `economies` (the word, or a list) that was not meant."""
    is_list = isinstance(error.get("input"), list)
    return error["loc"][0] == "economies" and (
        is_list if error["type"] == "literal_error" else error["type"] == "tuple_type"
    )


def _is_branch(part: str | int) -> bool:
    """Parts of a location that name a branch of a union and not a place in the file."""
    return isinstance(part, str) and (
        part.startswith(("literal[", "tuple[", "constrained-")) or part == "tuple"
    )


def _codes(data: Any, path: Path_) -> Iterator[tuple[Path_, Any]]:
    if isinstance(data, dict):
        for key, value in data.items():
            if key in ("economies", "exclude") and isinstance(value, list):
                yield from (((*path, key, index), code) for index, code in enumerate(value))
            else:
                yield from _codes(value, (*path, key))
    elif isinstance(data, list):
        for index, value in enumerate(data):
            yield from _codes(value, (*path, index))


def _in_words(error: ErrorDetails, field_name: str, path: Path_) -> tuple[str, str]:
    given, context = error.get("input"), error.get("ctx", {})
    match error["type"]:
        case "extra_forbidden":
            known = _known_keys(path)
            near = difflib.get_close_matches(str(path[-1]), known, 1)
            hint = f"Did you mean {near[0]}?" if near else f"Known here: {', '.join(known)}."
            return f"The key {path[-1]!r} is not known.", hint
        case "missing":
            return f"The key {path[-1]!r} is missing.", f"Add it. {_REMEDY}"
        case "literal_error" if path == ("economies",):
            return f"{given!r} is not possible for economies.", "Give all, or a list such as [THA, LAO]."
        case "literal_error":
            return (
                f"{given!r} is not possible for {field_name}.",
                f"Give {context.get('expected', 'another')}.",
            )
        case "greater_than_equal" | "greater_than" if isinstance(given, int | float) and given < 0:
            return f"{field_name} is negative: {given}.", "Give a number of zero or more."
        case "greater_than_equal" | "greater_than" | "less_than_equal":
            limit = next(iter(context.values()), "")
            side = "at most" if error["type"] == "less_than_equal" else "at least"
            return f"{field_name} is {given}, which is out of range.", f"Give {side} {limit}."
        case "int_parsing" | "int_type" | "int_from_float" | "float_parsing" | "float_type" | "finite_number":
            kind = "whole number" if error["type"].startswith("int") else "number"
            return f"{field_name} is {repr(given)[:40]}, which is no {kind}.", f"Give a {kind}."
        case "string_pattern_mismatch" if path and path[-1] == "name":
            return (
                f"The name {given!r} has other signs than a-z, 0-9 and hyphens.",
                "Change it, for example my-plan.",
            )
        case "string_pattern_mismatch":
            return (
                f"{given!r} is no economy code.",
                "Give an ISO 3166 alpha-3 code in capitals, for example THA.",
            )
        case "tuple_type":
            return f"{field_name} is no list.", f"Begin each entry with a dash. {_REMEDY}"
        case "value_error":
            return (
                f"{field_name}: {error['msg'].removeprefix('Value error, ')}.",
                "Change the value or its unit.",
            )
    return f"{field_name}: {error['msg'][:1].lower()}{error['msg'][1:]}.", _REMEDY


def _field_in_words(path: Path_) -> str:
    """`value` of the first entry of lives: "value (lives, entry 1)"."""
    if not path:
        return "the file"
    if len(path) > 2 and isinstance(path[1], int):
        return f"{path[-1]} ({path[0]}, entry {path[1] + 1})"
    return str(path[0])


def _known_keys(path: Path_) -> list[str]:
    """Keys that are possible beside the last of a path."""
    top = schema()
    properties: dict[str, Any] = top["properties"]
    if len(path) >= 3:
        items = json.dumps(properties.get(str(path[0]), {}))
        for name, definition in top.get("$defs", {}).items():
            if f"/{name}" in items:
                properties = definition["properties"]
    return list(properties)
