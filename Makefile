# The tasks of a working day. They need make and Python, nothing else; `make` alone lists them.
# Windows has no make: CONTRIBUTING.md says what to type instead.
#
#     make test ARGS="-n 0 tests/unit/test_policy.py"

PYTHON ?= python3
BIN := .venv/bin/python

.PHONY: help setup run test check ladder format docs requirements all

help:  ## List the tasks
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(MAKEFILE_LIST)

setup:  ## Make .venv with the tools of developers, and fetch the weights
	$(PYTHON) start.py test --version

run:  ## Open the program on the sample photos
	$(PYTHON) start.py

test:  ## Run the quick tests, or those that ARGS names
	$(PYTHON) start.py test $(ARGS)

check: ladder  ## Style, types, and who imports whom: what needs no tests
	$(BIN) -m ruff check .
	$(BIN) -m ruff format --check .
	$(BIN) -m mypy

ladder:  ## Hold every import to the ladder of pyproject.toml
	$(BIN) -c "from importlinter.cli import lint_imports_command as run; run()" --no-logo

format:  ## Format, and mend what ruff can mend
	$(BIN) -m ruff check --fix .
	$(BIN) -m ruff format .

docs:  ## Write anew the parts of docs/ that come from code and limits
	$(BIN) tools/document_commands.py
	$(BIN) tools/document_limits.py

requirements:  ## Pin anew what pyproject.toml asks for
	$(BIN) tools/compile_requirements.py

all:  ## Everything a change must pass, the slow tests too
	bash .ci/run
