# Lavterskel. `make` lists what there is; `make run` and `make test` work from a fresh clone.
# Needs make, git and Python 3.12 or newer; everything else is fetched, with hashes, into .venv/ and node_modules/.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: help run test setup lint check bench endure demo-reset lock

PORT ?= 8000
DATA_DIR ?= .data
JOBS ?= 2
BIN := .venv/bin
PY := $(BIN)/python
export PORT DATA_DIR

# A Python can be on the path and still not run (a shim of a version manager), so each is tried. The last ones are the
# versions that such a manager keeps.
FIND_PYTHON = for python in python3.14 python3.13 python3.12 python3 \
	"$$HOME"/.pyenv/versions/3.14*/bin/python3 "$$HOME"/.pyenv/versions/3.13*/bin/python3 \
	"$$HOME"/.pyenv/versions/3.12*/bin/python3; do \
	if "$$python" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 12))' >/dev/null 2>&1; \
	then echo "$$python"; exit; fi; done

help: ## what there is
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | while IFS="	" read -r name what; do printf '  make %-12s %s\n' "$$name" "$$what"; done

run: export DEMO = 1
run: setup ## start everything, with invented municipalities (PORT=8000 DATA_DIR=.data); Ctrl-C stops it
	@exec $(PY) -m config.run

setup: .venv/installed ## packages, style sheets, translations, founding script
	@DEMO=1 $(PY) -m config.prepare

# A virtual environment whose Python is gone is made again.
.venv/installed: requirements-dev.txt pyproject.toml
	@if ! $(PY) -c 'import sys; sys.exit(sys.version_info < (3, 12))' >/dev/null 2>&1; then \
		python=$$($(FIND_PYTHON)); \
		if [ -z "$$python" ]; then echo "Lavterskel needs Python 3.12 or newer (with venv), and found none." >&2; exit 1; fi; \
		echo "setup: .venv with $$($$python --version)"; \
		"$$python" -m venv --clear .venv; \
	fi
	@echo "setup: Python packages"
	@# uv checks the same hashes ten times faster; pip is there for whoever's network only pip knows.
	@sed -n '/^uv==/,/[^\\]$$/p' requirements-dev.txt > .venv/uv.txt
	@$(PY) -m pip install -q --disable-pip-version-check --no-deps --require-hashes -r .venv/uv.txt
	@$(BIN)/uv pip install -q --python $(PY) --require-hashes -r requirements-dev.txt \
		|| $(PY) -m pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@$(PY) -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

test: setup ## the whole suite, or a part: make test ARGS=tests/services/contact JOBS=0
	@for name in chromium-headless-shell chromium; do command -v $$name >/dev/null && exit 0; done; \
		echo "No Chromium here: the browser journeys are skipped. To have them: apt-get install chromium-headless-shell"
	@LAVTERSKEL_TESTING=1 $(PY) -m pytest -q -n $(JOBS) --dist loadfile $(ARGS)

lint: .venv/installed ## style, types, floors
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@LAVTERSKEL_TESTING=1 $(BIN)/mypy platform/config platform/kernel tenants services billing manage.py
	@$(BIN)/lint-imports

check: lint test ## lint and test

bench: setup ## benchmarks, each a line: name: ours … baseline … ratio …
	@LAVTERSKEL_TESTING=1 $(PY) -m tests.benchmarks $(ARGS)

# Files whose tests have a full size (ENDURE=1).
ENDURING = tests/isolation tests/services/contact/test_at_once.py tests/kernel/guarantee/test_oracle.py tests/kernel/crypto \
	tests/kernel/audit tests/faults/test_mail_away.py tests/faults/test_who_knocked.py

endure: setup ## the tests at their full size (long)
	@ENDURE=1 LAVTERSKEL_TESTING=1 $(PY) -m pytest -q --timeout=0 $(if $(ARGS),$(ARGS),$(ENDURING))

demo-reset: setup ## throw the demo's data away; the next `make run` founds it anew
	@DEMO=1 $(PY) -m config.demo_reset

lock: .venv/installed ## resolve the dependencies of pyproject.toml and package.json again
	@$(BIN)/uv pip compile -q --upgrade --universal --python-version 3.12 --generate-hashes --no-emit-index-url \
		--no-header --annotation-style line pyproject.toml -o requirements.txt
	@$(BIN)/uv pip compile -q --upgrade --universal --python-version 3.12 --generate-hashes --no-emit-index-url \
		--no-header --annotation-style line -c requirements.txt --extra dev pyproject.toml -o requirements-dev.txt
	@npm install --ignore-scripts --package-lock-only
