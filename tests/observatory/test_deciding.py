"""Who decides what the forecast of an economy starts from."""

from __future__ import annotations

import pytest

from kitaran.observatory.deciding import may_decide
from kitaran.registry.parties.repository import Operator
from kitaran.registry.parties.roles import ROLES


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("economy", ["THA", "LAO", None])
def test_an_authority_decides_for_its_own_economy_and_the_administrator_for_each(
    role: str, economy: str | None
) -> None:
    operator = Operator("operator-1", "Example", economy, frozenset({role}))
    allowed = role == "administrator" or (role == "authority" and economy == "THA")
    assert may_decide(operator, "THA") is allowed
