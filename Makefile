# Everyday tasks; nothing but make and Python must be there. On Windows, run the commands themselves:
# py start.py test, and .venv\Scripts\python for .venv/bin/python.

PYTHON := .venv/bin/python
ENVIRONMENT := .venv/installed-requirements-dev.txt

.PHONY: help run test check fix docs ci

help:  ## list these tasks
	@grep -E '^[a-z]+:.*##' Makefile | sed -E 's/:.*## /\t/' | expand -t 10

run:  ## open the program on the sample photos
	python3 start.py

test:  ## run the quick tests; one of them: make test ARGS="tests/cli -k sweep"
	python3 start.py test $(ARGS)

check: $(ENVIRONMENT)  ## lint, types and the ladder, without the tests
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m mypy consent media_index pages app.py start.py tools
	.venv/bin/lint-imports

fix: $(ENVIRONMENT)  ## mend what the linter can mend, and format
	$(PYTHON) -m ruff check --fix .
	$(PYTHON) -m ruff format .

docs: $(ENVIRONMENT)  ## write the tables of options, fields and limits anew
	$(PYTHON) tools/document_commands.py
	$(PYTHON) tools/document_limits.py

ci:  ## everything that a change must pass, also the long tests
	bash .ci/run

$(ENVIRONMENT): requirements.txt requirements-dev.txt pyproject.toml
	python3 start.py test --version
