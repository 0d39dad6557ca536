# The targets of the project. `make demo` and `make test` do all the set-up on a fresh machine.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.DEFAULT_GOAL := help
.PHONY: help setup demo test lint lock verifier bench-draw bench-verify bench-hostile bench-pages faults browser shots fuzz plugins helm load fairness bench

help:  ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 14

setup: $(VENV)/.ready  ## .venv from the hash-pinned file

$(VENV)/.ready: requirements/dev.txt requirements/editable.txt pyproject.toml $(wildcard plugins/*/pyproject.toml)
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -r requirements/editable.txt
	touch $@

demo: setup  ## the main job from registries to a verified draw, then http://127.0.0.1:8000
	$(BIN)/shuangsui demo

test: setup  ## the whole suite: SQLite, PostgreSQL, browser
	$(BIN)/python tests/run.py

lint: setup  ## ruff, mypy, layers, contract tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -q tests/contract

lock: $(VENV)/.ready  ## newest stable versions, hash-pinned, without index lines
	$(BIN)/uv pip compile --upgrade --generate-hashes --universal --no-header --quiet --python-version 3.11 requirements/dev.in -o requirements/dev.txt
	for part in run build bench; do \
	  $(BIN)/uv pip compile --generate-hashes --universal --no-header --no-annotate --quiet --python-version 3.11 -c requirements/dev.txt requirements/$$part.in -o requirements/$$part.txt || exit 1; \
	done

verifier: setup  ## dist/fairdraw.pyz, the verifier without any dependency
	$(BIN)/python -m fairdraw.pack dist/fairdraw.pyz

$(VENV)/.bench: $(VENV)/.ready requirements/bench.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/bench.txt
	touch $@

bench: $(VENV)/.bench  ## the draw beside numpy, DuckDB, PostgreSQL and others, 10^4 to 10^7 objects; table and plot
	$(BIN)/python tests/bench/compare.py

bench-draw: setup  ## a million objects: draw and full verification
	$(BIN)/python tests/bench/draw.py

bench-verify: setup  ## the browser's verifier in Chromium: a hundred thousand and a million objects, both suites
	$(BIN)/python tests/bench/verifier.py

bench-hostile: setup  ## hostile plugins in a server under load: p99 beside decent ones, rows of others, what was reported
	$(BIN)/python tests/bench/hostile.py

bench-pages: setup  ## 100 000 objects in the console: from a change to the painted list
	$(BIN)/python tests/bench/pages.py

faults: setup  ## 1 000 publications in a month of failing channels, killed workers and a broker that is stopped
	$(BIN)/python tests/faults/run.py

browser: setup  ## every kind of page: two viewports, scripts on and off, barriers, silence of the console
	$(BIN)/python tests/browser/run.py

shots: setup  ## a picture of every kind of page in var/shots
	$(BIN)/python tests/browser/run.py --shots var/shots

fuzz: setup  ## every page, act and file of one tenant tried with every identifier of another; ten thousand random steps; all on SQLite
	$(BIN)/python tests/isolation/fuzz.py
	SHUANGSUI_THOROUGH=1 $(BIN)/python -m pytest -q tests/integration/inspections/test_machine.py tests/browser/test_verifier_modules.py
	$(BIN)/python -m pytest -q -n 2 --dist loadfile -k sqlite tests/integration

fairness: setup  ## 100 000 draws for each of a dozen questions: chi-square, pairs, weights, attempts to steer; p-values
	$(BIN)/python tests/fairness.py

plugins: setup  ## every plugin's own tests and the quality list against this tree
	$(BIN)/python tests/plugins.py

helm: setup  ## the chart rendered and judged without a cluster, in every profile
	$(BIN)/python tests/chart.py

load: setup  ## 150 000 objects, three roles browsing and writing; 40 authorities against one, on PostgreSQL and RabbitMQ
	$(BIN)/python tests/bench/load.py
