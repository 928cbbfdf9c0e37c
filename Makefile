# peacebot: every step is one word. `make` alone lists them.
# Everything is installed into .venv beside this file; the network is used by pip alone.

SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

PYTHON := .venv/bin/python
ARGS ?=

.PHONY: help serve test check format docs bench calibrate support licences constraints clean

help: ## List the steps
	@sed -n 's/^\([a-z]*\):.*## /  make \1	/p' Makefile | expand -t 20

serve: .venv/installed ## Install what is missing and open the chat (ARGS="--port 8000" for another port)
	@$(PYTHON) -m bot serve $(ARGS)

test: .venv/installed-test ## Everything that must hold: style, types, all tests
	@$(PYTHON) -m ruff check --quiet .
	@$(PYTHON) -m ruff format --check --quiet .
	@echo "Style: good. Checking types (a minute the first time) ..."
	@$(PYTHON) -m mypy --no-error-summary
	@echo "Types: good."
	@$(PYTHON) -m pytest $(ARGS)

check: .venv/installed-test ## The same without the slow tests, for every few minutes
	@$(PYTHON) -m ruff check --quiet .
	@$(PYTHON) -m ruff format --check --quiet .
	@$(PYTHON) -m mypy --no-error-summary
	@$(PYTHON) -m pytest --quiet -m "not slow" $(ARGS)

format: .venv/installed-test ## Put the code into its one form
	@$(PYTHON) -m ruff check --quiet --fix .
	@$(PYTHON) -m ruff format --quiet .

docs: .venv/installed-test ## Write again what the documentation takes from the code
	@$(PYTHON) -m tests.documents

bench: .venv/installed-bench ## Measure speed and memory against a plain LangChain starter
	@$(PYTHON) -m benchmarks $(ARGS)

calibrate: .venv/installed-test ## Fit anew what decides whether a question is covered, and whether it must be refused
	@$(PYTHON) -m bot.calibrate
	@$(PYTHON) -m bot.calibrate_guard

support: .venv/installed-test ## Fit anew what decides whether a quotation supports a sentence, and measure it
	@$(PYTHON) -m bot.calibrate_support
	@$(PYTHON) -m bot.support_pairs

licences: .venv/installed-test ## List the licence of every installed package
	@$(PYTHON) -m tests.test_licences

constraints: .venv/bin/python ## Resolve all dependencies anew and pin what came out
	@rm -rf .venv/resolve && $(PYTHON) -m venv .venv/resolve
	@.venv/resolve/bin/python -m pip install --quiet ".[test,bench]"
	@{ sed '/^[^#]/,$$d' constraints.txt; \
	   .venv/resolve/bin/python -m pip freeze --all --exclude pip --exclude peacebot | sed 's/+cpu$$//'; } > .venv/constraints.txt
	@mv .venv/constraints.txt constraints.txt && rm -rf .venv/resolve
	@echo "constraints.txt is made anew: run make test before it is committed."

clean: ## Remove what was installed and built here (not your index)
	@rm -rf .venv build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis

# --- Installing. The stamp files say what .venv holds; they are older than a changed pyproject.toml, so that it is installed again.

.venv/installed: EXTRAS :=
.venv/installed-test: EXTRAS := [test]
.venv/installed-bench: EXTRAS := [bench]

.venv/installed .venv/installed-test .venv/installed-bench: pyproject.toml constraints.txt | .venv/bin/python
	@echo "Installing into .venv (the first time some hundred megabytes; a few minutes) ..."
	@set -o pipefail; \
	$(PYTHON) -m pip install --disable-pip-version-check -c constraints.txt -e ".$(EXTRAS)" 2>&1 | tee .venv/install.log \
	  | { grep --line-buffered -Eo '[^ /]+ \(([0-9]{2,}(\.[0-9]+)? MB|[0-9.]+ GB)\)|Installing collected packages' || true; } \
	  | while read -r line; do echo "  $$line"; done \
	  || { grep -Ev '^(WARNING: Location|Requirement already)' .venv/install.log | tail -n 20; echo "Installing failed; all that pip said is in .venv/install.log."; exit 1; }
	@touch .venv/installed $@
	@echo "Installed."

.venv/bin/python:
	@for python in python3.11 python3.12 python3.13 python3 python; do \
	  if "$$python" -c 'import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null; then \
	    "$$python" -m venv --clear .venv && exit 0; \
	  fi; \
	done; \
	echo "peacebot needs Python 3.11, 3.12 or 3.13 with its venv module: install it (Debian: apt install python3-venv; macOS: brew install python@3.13; else python.org) and run make again."; \
	exit 1
