"""Catalogues for translators, made from the source; run by hand after words have changed.

    python -m kitaran.web.language_catalogues            # bring every language up to date and compile it
    python -m kitaran.web.language_catalogues ms th      # and begin Malay and Thai

A message without a translation is shown in English. English itself has an empty catalogue.
"""

from __future__ import annotations

import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from kitaran.web.language import CATALOGUES, DOMAIN, SOURCE

SOURCES = (("**.py", "python"), ("templates/**.html", "jinja2.ext.babel_extract"))


def extracted() -> Catalog:
    """Every message of the modules and templates of the pages."""
    catalogue = Catalog(project="Kitaran", charset="utf-8", header_comment="# Kitaran, words of the pages")
    found = extract_from_dir(str(Path(__file__).parent), method_map=list(SOURCES))
    for file, _line, message, comments, context in sorted(found, key=lambda each: (each[0], each[1])):
        catalogue.add(message, locations=[(file, 0)], auto_comments=comments, context=context)
    return catalogue


def renew(code: str, messages: Catalog) -> None:
    """Merge the messages into one language and compile it; a new language begins untranslated."""
    folder = CATALOGUES / code / "LC_MESSAGES"
    folder.mkdir(parents=True, exist_ok=True)
    text = folder / f"{DOMAIN}.po"
    catalogue = Catalog(locale=code, project="Kitaran", charset="utf-8")
    if text.is_file():
        with text.open("rb") as file:
            catalogue = read_po(file, locale=code)
    catalogue.update(messages)
    with text.open("wb") as file:
        write_po(file, catalogue, include_lineno=False, ignore_obsolete=True)
    with text.open("rb") as source, (folder / f"{DOMAIN}.mo").open("wb") as target:
        write_mo(target, read_po(source, locale=code))


def main(begun: list[str]) -> None:
    """Renew all languages, and begin those that are named."""
    messages = extracted()
    there = {folder.name for folder in CATALOGUES.iterdir() if folder.is_dir()}
    renew(SOURCE, Catalog(project="Kitaran", charset="utf-8"))
    for code in sorted((there | set(begun)) - {SOURCE}):
        renew(code, messages)


if __name__ == "__main__":
    main(sys.argv[1:])
