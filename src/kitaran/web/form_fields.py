"""Puts the form token first into every form that posts: no template has to think of it, or can forget it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from jinja2.ext import Extension
from markupsafe import Markup

from kitaran.api.form_tokens import FIELD

_FORM = re.compile(
    r"""<form\b(?:[^>{]|\{\{.*?\}\}|\{%.*?%\})*?\bmethod="post"(?:[^>{]|\{\{.*?\}\}|\{%.*?%\})*>"""
)
_token: ContextVar[str] = ContextVar("form_token", default="")


class FormTokenField(Extension):
    """Sets `{{ form_token_field() }}` behind the tag of each form with method="post"."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        return _FORM.sub(lambda form: form[0] + "{{ form_token_field() }}", source)


def form_token_field() -> Markup:
    """The hidden field; nothing for a visitor without a cookie."""
    token = _token.get()
    return Markup('<input type="hidden" name="{}" value="{}">').format(FIELD, token) if token else Markup()


@contextmanager
def with_token(token: str) -> Iterator[None]:
    """Inside the block, forms carry this token."""
    before = _token.set(token)
    try:
        yield
    finally:
        _token.reset(before)
