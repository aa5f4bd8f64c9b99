# Everything a newcomer needs. `make help` lists the targets.
SHELL := /bin/sh
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export UV_PYTHON_DOWNLOADS = never
.DEFAULT_GOAL := help
.PHONY: help setup demo run test check format bench lock clean

help: ## List the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk 'BEGIN{FS=":.*## "}{printf "  make %-10s %s\n", $$1, $$2}'

setup: $(VENV)/.done app/web/static/vendor/.done ## Install everything into .venv

$(VENV)/.done: pyproject.toml requirements.lock
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@test -x $(BIN)/uv || $(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements.lock
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --editable .
	@touch $@

app/web/static/vendor/.done: package.json package-lock.json $(VENV)/.done
	@PATH="$(CURDIR)/$(BIN):$$PATH" sh bin/front-end
	@touch $@

demo: setup ## Load the demo territory and serve it on http://127.0.0.1:8000
	@$(BIN)/entreflux demo

run: setup ## Serve your own database
	@$(BIN)/entreflux serve

test: setup ## Run every test
	@$(BIN)/pytest -n 2 --dist loadgroup

check: setup ## Format, lint, types and import contracts
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

format: setup ## Rewrite the code in the project's format
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

bench: setup ## Measure against peers (minutes, no assertion)
	@$(BIN)/python -m benchmarks

lock: $(VENV)/.done ## Refresh requirements.lock
	@$(BIN)/uv pip compile pyproject.toml --group dev --universal --generate-hashes --no-emit-index-url --no-annotate --no-header --upgrade -o requirements.lock

clean: ## Remove the environment and built files
	@rm -rf $(VENV) node_modules app/web/static/vendor
