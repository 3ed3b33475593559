# make demo      install, train for two minutes, complete a drawing
# make test      lint, types, import layers, tests: what CI runs
# make test-all  the slow tests too
# make bench     the measurements of benchmarks/

PYTHON ?= python3
BIN := .venv/bin
PLUGINS := $(sort $(dir $(wildcard plugins/*/pyproject.toml)))

.PHONY: demo test test-all lint bench clean

demo: .venv/installed
	rm -rf demo
	$(BIN)/python docs/demo.py demo

test: lint
	$(BIN)/pytest -n 2 --dist worksteal -m "not slow"

test-all: lint
	$(BIN)/pytest -n 2 --dist worksteal

lint: .venv/installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy -p zoo $(PLUGINS:plugins/%/=-p zoo_%)
	$(BIN)/lint-imports

bench: .venv/installed
	$(BIN)/python benchmarks/startup.py
	$(BIN)/python benchmarks/data.py
	$(BIN)/python benchmarks/memory.py
	$(BIN)/python benchmarks/metrics.py
	$(BIN)/python benchmarks/loop.py

.venv/installed: pyproject.toml constraints.txt $(PLUGINS:%=%pyproject.toml)
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt \
		--editable '.[dev]' $(PLUGINS:%=--editable %)
	touch $@

clean:
	rm -rf .venv demo
