# One word each. Run them in a virtual environment: python -m venv .venv && . .venv/bin/activate

.PHONY: install test slow lint format types walls docs serve ci changelog

install:  ## the package, editable, with everything to work on it
	pip install -e ".[test,docs]"

test:  ## the fast suite, offline
	pytest

slow:  ## full-size tests
	pytest -m slow

lint:
	ruff check . && ruff format --check .

format:
	ruff check --fix . && ruff format .

types:
	mypy

walls:
	lint-imports

docs:
	NO_MKDOCS_2_WARNING=1 mkdocs build --strict

serve:
	kitaran up

ci:  ## everything, in a fresh environment outside the checkout
	.ci/run

changelog:  ## fold the fragments into CHANGELOG.md: make changelog VERSION=0.2.0
	python changelog.d/fold.py $(VERSION)
