# Everything a newcomer needs. `make help` lists the targets.
SHELL := /bin/sh
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
VENDOR := app/web/static/vendor
export UV_PYTHON_DOWNLOADS = never
# Where this is set to spare a disk, every start would compile all libraries again: ten seconds each.
export PYTHONDONTWRITEBYTECODE =
.DEFAULT_GOAL := help
.PHONY: help setup tools demo run test test-trust sbom audit check format bench bench-web screenshots bench-quality check-quality lock wheel clean

help: ## List the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk 'BEGIN{FS=":.*## "}{printf "  make %-14s %s\n", $$1, $$2}'

setup: $(VENV)/.done $(VENDOR)/.done ## Install everything into .venv

# The last line writes the bytecode of what the program imports, for commands run outside of make too.
$(VENV)/.done: pyproject.toml requirements.lock
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@test -x $(BIN)/uv || $(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements.lock
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --editable .
	@$(BIN)/python -c "import app.cli, app.main"
	@touch $@

# What only tests and checks need, apart so that a first visit does not wait for it.
$(VENV)/.tools: requirements-dev.lock $(VENV)/.done
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements-dev.lock
	@touch $@

tools: setup $(VENV)/.tools

# Without its libraries the site still answers, with lists instead of maps: tell, and try again next time.
$(VENDOR)/.done: package.json package-lock.json scripts/front-end $(VENV)/.done
	@if sh scripts/front-end; then touch $@; \
	else echo "The map's libraries could not be fetched; everything else is ready. Next 'make setup' tries again." >&2; fi

demo: setup ## Load the demo territory and serve it on http://127.0.0.1:8000
	@$(BIN)/entreflux demo

run: setup ## Serve your own database
	@$(BIN)/entreflux serve

test: tools ## Run every test
	@$(BIN)/pytest -n 2 --dist loadgroup

# Kills, copies, broken files, drawn requests, races: each in full, which takes long. Then 200 requests a second
# beside a planner, on a PostGIS of its own.
TRUST_PAGES := tests/web/test_account_journey.py tests/web/test_consent_journey.py
MIXED ?= $(or $(TMPDIR),/tmp)/entreflux-mixed
test-trust: tools ## Measure what the server withstands, in full, and print each figure
	@ENTREFLUX_TEST_TRUST=1 $(BIN)/pytest -s -n 0 tests/trust $(TRUST_PAGES)
	@$(BIN)/python -m benchmarks.mixed --folder $(MIXED)

AUDIT := $(VENV)/.audit
$(AUDIT): requirements.lock $(VENV)/.done
	@$(BIN)/python -m venv $(VENV)/audit
	@$(BIN)/uv pip install --quiet --python $(VENV)/audit/bin/python --group audit
	@touch $@

sbom: $(AUDIT) ## Write what the program is made of to dist/sbom.json (CycloneDX)
	@mkdir -p dist
	@$(VENV)/audit/bin/cyclonedx-py requirements requirements.lock --pyproject pyproject.toml --short-PURLs \
	  --output-reproducible --output-format JSON --output-file dist/sbom.json

# Without a network there is nothing to compare with: that is said, and is no failure.
audit: $(AUDIT) ## Look for known vulnerabilities in what the program is made of
	@sh scripts/audit $(VENV)/audit/bin/pip-audit

check: tools ## Format, lint, types and import contracts
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

format: tools ## Rewrite the code in the project's format
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

# Places of real establishments for one more territory, where a folder beside this one holds them.
POINTS ?= $(wildcard ../shared/reference/irep_sites.csv)
bench: tools ## Measure the engine at a million flows beside its peers, write docs/performance.md (MORE=1: the rest too)
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --group bench
	@$(BIN)/python -m benchmarks.scale --write $(if $(POINTS),--points $(POINTS)) $(BENCH_OPTIONS)
	@if [ -n "$(MORE)" ]; then for bench in benchmarks benchmarks.allocation benchmarks.seating benchmarks.rounds; do \
	echo "$$bench"; $(BIN)/python -m $$bench || exit 1; done; fi

bench-web: tools ## Measure every page of the site on 500 sites and 5,000 flows, one process on one core
	@$(BIN)/python -m benchmarks.web $(BENCH_OPTIONS)

screenshots: tools ## Take every page of the demonstration, on a desk and on a phone, into build/screenshots
	@$(BIN)/python -m benchmarks.web.screenshots $(SHOT_OPTIONS)

# Further labelled sets, when a folder beside this one holds some.
QUALITY_SETS ?= $(wildcard ../shared)
bench-quality: tools ## Measure classification, outlets and synergies on labelled sets, write docs/quality.md
	@$(BIN)/python -m benchmarks.quality --sets $(QUALITY_SETS) --write

check-quality: tools ## Fail if a figure of docs/quality.md fell by more than its interval
	@$(BIN)/python -m benchmarks.quality --check

LOCK := uv pip compile pyproject.toml --universal --generate-hashes --no-emit-index-url --no-annotate --no-header
lock: $(VENV)/.done ## Refresh both lock files
	@$(BIN)/$(LOCK) --upgrade --quiet -o requirements.lock
	@$(BIN)/$(LOCK) --quiet --group dev --extra cluster --constraint requirements.lock -o requirements-dev.lock

wheel: setup ## Build the package into dist/
	@$(BIN)/uv build --quiet --wheel

clean: ## Remove the environment and built files
	@rm -rf $(VENV) node_modules $(VENDOR) dist
