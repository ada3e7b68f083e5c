"""The file of a case: read from YAML or JSON, and written with a blank for each of the particulars."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

import yaml

from kitaran.foundation.errors import InputError
from kitaran.law.case import ITEMS, Case
from kitaran.law.particulars import particulars_vocabulary

_YAML: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_DAY_TAG = "tag:yaml.org,2002:timestamp"
_HEAD = """\
# A movement: the facts on which it is decided, and the particulars that its papers need besides.
# Fill in what is known and leave the rest empty. Repeat an entry that begins with - for each carrier, package
# and item.
"""


class _CaseLoader(_YAML):  # type: ignore[misc]
    """YAML in which a day stays as written, to be checked by its path, and no key may stand twice."""

    yaml_implicit_resolvers = {  # noqa: RUF012
        first: [(tag, pattern) for tag, pattern in known if tag != _DAY_TAG]
        for first, known in _YAML.yaml_implicit_resolvers.items()
    }

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Hashable, Any]:
        """The mapping of a node. Raises MarkedYAMLError where it tells the same key twice."""
        seen = set()
        for key, _ in node.value:
            if key.value in seen and isinstance(key.value, str) and key.value != "<<":
                told = f"The key {key.value!r} stands twice"
                raise yaml.MarkedYAMLError(problem=told, problem_mark=key.start_mark)
            if isinstance(key.value, str):
                seen.add(key.value)
        found: dict[Hashable, Any] = super().construct_mapping(node, deep)
        return found


def parse_case(text: str, place: str, aliases: bool = False) -> Any:
    """The content of a case file. Raises InputError with the line of a fault.

    Aliases are refused unless they are allowed: a stranger's file may unfold itself by them without end.
    """
    try:
        if not aliases and any(isinstance(token, yaml.AliasToken) for token in yaml.scan(text, Loader=_YAML)):
            raise InputError("The file refers to itself (*name).", place, "Write each value where it stands.")
        return yaml.load(text, Loader=_CaseLoader)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        here = f"{place}, line {mark.line + 1}" if mark else place
        raise InputError(f"This is no YAML: {error}", here, "Mend the file.") from error


def one_case(content: Any, place: str) -> Any:
    """The content if it is one case. Raises InputError where it is a list of cases."""
    if isinstance(content, Mapping) and "cases" in content:
        raise InputError("Papers are for one case.", f"{place}: cases", "Give a file with one case.")
    return content


def blank_case(case: Case) -> str:
    """A case file with the facts of a case and a blank for each of the particulars."""
    facts: dict[str, Any] = {}
    for name, value in case.facts.items():
        group, _, key = name.partition(".")
        if name == ITEMS:
            facts[ITEMS] = [{"id": row["id"], **_nested(row["facts"])} for row in value]
        elif key:
            facts.setdefault(group, {})[key] = list(value) if isinstance(value, tuple) else value
        else:
            facts[name] = value
    content = {"as_of": case.as_of, "facts": facts, "particulars": _blank(particulars_vocabulary())}
    return _HEAD + yaml.safe_dump(content, sort_keys=False, allow_unicode=True)


def _nested(facts: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in facts.items():
        group, _, key = name.partition(".")
        found.setdefault(group, {})[key] = value
    return found


def _blank(kind: Any) -> Any:
    """The shape of a kind with nothing filled in."""
    if isinstance(kind, Mapping):
        return {key: _blank(one) for key, one in kind.items()}
    if isinstance(kind, list) and len(kind) == 1 and isinstance(kind[0], Mapping):
        return [_blank(kind[0])]
    return None
