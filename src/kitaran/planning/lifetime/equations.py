"""Equations written as text in a fact table, checked, and compiled to NumPy.

Only arithmetic, comparison and the functions of `FUNCTIONS` are allowed, so a table cannot run a program.
Constant powers become products and roots, which are several times faster than a general power. A product is
split in a part of the window and a part of the sample, so that the mean of the latter is taken only once.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, reduce
from types import CodeType
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from kitaran.foundation.errors import InputError

Array = NDArray[np.float64]
Values = Mapping[str, Any]

SAMPLE_SYMBOLS = frozenset({"T", "Tn", "s", "U", "Un", "V"})
CAPACITY_SYMBOLS = frozenset({"C", "Cc", "Cd", "defc"})
_NEVER_NEGATIVE = frozenset({"exp", "sqrt", "cbrt", "abs", "sqr"})


def _skew(x: Array, a: float, w: float) -> Array:
    """Skewed bell 2 phi(z) Phi(a z), z = (x - 0.5)/w, of normal density phi and distribution Phi."""
    z = (x - 0.5) / w
    return np.asarray(2.0 * np.exp(-0.5 * z * z) / np.sqrt(2.0 * np.pi) * ndtr(a * z))


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "exp": np.exp,
    "tanh": np.tanh,
    "sqrt": np.sqrt,
    "cbrt": np.cbrt,
    "sqr": np.square,
    "abs": np.abs,
    "max": np.maximum,
    "min": np.minimum,
    "where": np.where,
    "skew": _skew,
}
_ALLOWED = (
    ast.Expression,
    ast.BinOp,
    ast.UnaryOp,
    ast.Call,
    ast.Name,
    ast.Constant,
    ast.Compare,
    ast.Load,
    ast.Add,
    ast.Sub,
    ast.Mult,
    ast.Div,
    ast.Pow,
    ast.USub,
    ast.Gt,
    ast.Lt,
)


@dataclass(frozen=True)
class Equation:
    """One equation. Call it with the values of its symbols; arrays broadcast."""

    node: ast.expr

    @cached_property
    def names(self) -> frozenset[str]:
        found = {item.id for item in ast.walk(self.node) if isinstance(item, ast.Name)}
        return frozenset(found - set(FUNCTIONS))

    @cached_property
    def _code(self) -> CodeType:
        tree = ast.Expression(_FastPower().visit(ast.parse(ast.unparse(self.node), mode="eval").body))
        return compile(ast.fix_missing_locations(tree), "<equation>", "eval")

    @cached_property
    def _scope(self) -> dict[str, Any]:
        return {"__builtins__": {}, **FUNCTIONS}

    def __call__(self, values: Values) -> Any:
        return eval(self._code, self._scope, values)

    def split(self) -> tuple[Equation, Equation]:
        """The equation as (factors of the window, factors that differ from sample to sample)."""
        window: list[ast.expr] = []
        sample: list[ast.expr] = []
        for factor in _factors(self.node):
            (sample if Equation(factor).names & SAMPLE_SYMBOLS else window).append(factor)
        return Equation(_product(window)), Equation(_product(sample))


def parse(text: str, place: str) -> Equation:
    """Check and compile one equation. InputError if it is not arithmetic of known functions."""
    try:
        tree = ast.parse(text, mode="eval")
    except SyntaxError as error:
        raise InputError(f"{text!r} is not an equation.", place, "Mend the equation.") from error
    for node in ast.walk(tree):
        if not isinstance(node, _ALLOWED) or (isinstance(node, ast.Call) and not _known(node)):
            raise InputError(
                f"{text!r} holds what an equation may not hold.", place, f"Functions: {', '.join(FUNCTIONS)}."
            )
    return Equation(tree.body)


def _known(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Name) and call.func.id in FUNCTIONS and not call.keywords


def _product(factors: list[ast.expr]) -> ast.expr:
    if not factors:
        return ast.Constant(1.0)
    return reduce(lambda left, right: ast.BinOp(left, ast.Mult(), right), factors)


def _power(base: ast.expr, exponent: float) -> ast.expr:
    return base if exponent == 1.0 else ast.BinOp(base, ast.Pow(), ast.Constant(exponent))


def _factors(node: ast.expr) -> list[ast.expr]:
    """Factors whose product is the node; powers and abs go to each factor where no sign can be lost."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return [ast.Constant(-1.0), *_factors(node.operand)]
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
        return _factors(node.left) + _factors(node.right)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
        return _factors(node.left) + [_power(item, -1.0) for item in _factors(node.right)]
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow):
        exponent = _constant(node.right)
        parts = _factors(node.left)
        if exponent is not None and all(map(_not_negative, parts)):
            return [_power(item, exponent) for item in parts]
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "abs":
        parts = _factors(node.args[0])
        if sum(not _not_negative(item) for item in parts) == 0:
            return parts
    return [node]


def _not_negative(node: ast.expr) -> bool:
    """True if the node cannot be negative; all symbols of the equations are quantities of that kind."""
    if isinstance(node, ast.Constant):
        return float(node.value) >= 0.0  # type: ignore[arg-type]
    if isinstance(node, ast.Name):
        return True
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow | ast.Mult | ast.Div | ast.Add):
        return _not_negative(node.left) and (isinstance(node.op, ast.Pow) or _not_negative(node.right))
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _NEVER_NEGATIVE


def _constant(node: ast.expr) -> float | None:
    """The value of a node without symbols, or None."""
    if Equation(node).names:
        return None
    return float(eval(compile(ast.fix_missing_locations(ast.Expression(node)), "<constant>", "eval"), {}))


class _FastPower(ast.NodeTransformer):
    """Writes x**2, x**3, x**0.5, x**(1/3), x**0.25 and their inverses without a general power."""

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        self.generic_visit(node)
        if not isinstance(node.op, ast.Pow):
            return node
        exponent = _constant(node.right)
        if exponent is None:
            return node
        fast = self._write(node.left, abs(exponent))
        if fast is None:
            return node
        return ast.BinOp(ast.Constant(1.0), ast.Div(), fast) if exponent < 0 else fast

    @staticmethod
    def _write(base: ast.expr, exponent: float) -> ast.expr | None:
        def call(name: str, argument: ast.expr) -> ast.expr:
            return ast.Call(ast.Name(name, ast.Load()), [argument], [])

        forms: dict[float, Callable[[], ast.expr]] = {
            1.0: lambda: base,
            2.0: lambda: call("sqr", base),
            3.0: lambda: ast.BinOp(call("sqr", base), ast.Mult(), base),
            4.0: lambda: call("sqr", call("sqr", base)),
            0.5: lambda: call("sqrt", base),
            0.25: lambda: call("sqrt", call("sqrt", base)),
            1 / 3: lambda: call("cbrt", base),
        }
        return forms[exponent]() if exponent in forms else None
