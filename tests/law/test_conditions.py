"""Three-valued logic: unknown stays unknown, and what is learnt never turns a settled answer round."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kitaran.law.conditions import both, compiled, either, names_in, negation

TRUTH = st.sampled_from((True, False, None))
WORDS = ("a", "b", "c")
LEAF = st.one_of(
    st.builds(lambda name, value: {name: value}, st.sampled_from(("x", "y")), st.sampled_from(WORDS)),
    st.builds(
        lambda name, values: {name: values},
        st.sampled_from(("x", "y")),
        st.lists(st.sampled_from(WORDS), min_size=1, max_size=2),
    ),
    st.builds(
        lambda word, limit: {"n": {word: limit}},
        st.sampled_from(("over", "at_most")),
        st.sampled_from((0, 5, 9)),
    ),
)
CONDITION = st.recursive(
    LEAF,
    lambda inner: st.one_of(
        st.builds(lambda one: {"not": one}, inner),
        st.builds(lambda many: {"any": many}, st.lists(inner, min_size=1, max_size=3)),
        st.builds(lambda many: {"all": many}, st.lists(inner, min_size=1, max_size=3)),
    ),
    max_leaves=6,
)
FACTS = st.fixed_dictionaries(
    {"x": st.sampled_from(WORDS), "y": st.sampled_from(WORDS), "n": st.integers(0, 10)}
)


@given(st.lists(TRUTH))
def test_and_and_or_are_twins_under_not(truths: list[bool | None]) -> None:
    assert negation(both(truths)) is either(map(negation, truths))


@pytest.mark.parametrize(
    ("truths", "conjunction", "disjunction"),
    [
        ([], True, False),
        ([True, None], None, True),
        ([False, None], False, None),
        ([None], None, None),
        ([True, False, None], False, True),
    ],
)
def test_false_wins_in_and_true_wins_in_or(
    truths: list[bool | None], conjunction: bool | None, disjunction: bool | None
) -> None:
    assert both(truths) is conjunction
    assert either(truths) is disjunction


@given(condition=CONDITION, facts=FACTS, hidden=st.sets(st.sampled_from(("x", "y", "n"))))
def test_learning_a_fact_never_turns_a_settled_answer_round(
    condition: dict[str, Any], facts: dict[str, Any], hidden: set[str]
) -> None:
    decided = compiled(condition)
    less = decided({name: value for name, value in facts.items() if name not in hidden}.get)
    assert less is None or less is decided(facts.get)


@given(condition=CONDITION, facts=FACTS)
def test_a_condition_is_settled_once_every_name_in_it_is_known(
    condition: dict[str, Any], facts: dict[str, Any]
) -> None:
    known = {name: facts[name] for name in names_in(condition)}
    assert compiled(condition)(known.get) is not None


@pytest.mark.parametrize("wrong", [{"n": {}}, {"n": {"about": 5}}])
def test_a_comparison_that_is_none_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="condition on n"):
        compiled(wrong)
