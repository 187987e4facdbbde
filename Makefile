# Two commands do all set-up: `make demo` and `make test`. Everything runs from .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
DESK ?= demo
# torch comes first and alone: asked for together with the rest, pip may choose a build of several gigabytes.
TORCH := $(shell grep '^torch==' constraints.txt)

export DAGSTER_DISABLE_TELEMETRY := 1
export DBT_SEND_ANONYMOUS_USAGE_STATS := false
export GX_ANALYTICS_ENABLED := false
export HF_HUB_OFFLINE := 1
export OPENBLAS_NUM_THREADS ?= 1
export OMP_WAIT_POLICY ?= PASSIVE

.DEFAULT_GOAL := help
.PHONY: help install demo dev test browser check schemas format clean

help: ## say what there is
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 22

install: $(STAMP) ## create .venv with everything pinned

$(STAMP): constraints.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; name one: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing the pinned packages into $(VENV) (once; about 2.5 GB, a few minutes) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check $(TORCH)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $(STAMP)

demo: $(STAMP) ## take a copy of the sample desk through all stages and say where to look
	@$(BIN)/python -m examples.demo --desk $(DESK)
	@$(BIN)/understudy report roadmap --desk $(DESK)
	@if [ -t 0 ] && [ -t 1 ]; then $(BIN)/understudy dev --desk $(DESK); \
	else echo "Next: 'make dev' serves the console on http://127.0.0.1:8300 and the lineage UI on http://127.0.0.1:3000"; fi

dev: $(STAMP) ## serve console, API and lineage UI, and run schedules, sensors and automation
	@$(BIN)/understudy dev --desk $(DESK)

test: $(STAMP) browser ## run all tests
	@$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

browser: ## have a chromium for the browser tests, where the system's packages can be installed; they are skipped without
	@command -v chromium chromium-browser google-chrome >/dev/null 2>&1 \
	|| { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && apt-get install -qq -y chromium >/dev/null 2>&1; } \
	|| echo "No chromium here: the browser tests will be skipped."

check: $(STAMP) ## lint, format, types, SQL lint, dbt parse, definitions
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/sqlfluff lint --config dbt_project/.sqlfluff dbt_project/models dbt_project/tests
	$(BIN)/dbt --quiet parse --project-dir dbt_project --profiles-dir dbt_project --no-partial-parse
	$(BIN)/dagster definitions validate -w workspace.yaml

schemas: $(STAMP) ## write the JSON Schemas of the desk files
	@$(BIN)/python -m desk.schemas

format: $(STAMP) ## rewrite code in the house format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench-%: $(STAMP) ## one benchmark, such as bench-categories; writes benchmarks/results/<name>.json
	@$(BIN)/python -m benchmarks.$(subst -,_,$*)

clean: ## forget what was built, keep .venv
	rm -rf demo dbt_project/target dbt_project/logs examples/*/.understudy .mypy_cache .ruff_cache .hypothesis build *.egg-info
