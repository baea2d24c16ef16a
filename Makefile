# Nothing is needed but Python 3.11, make and a package index.
PYTHON ?= $(shell sh scripts/quickest_python.sh)
VENV := .venv
JUDGES := .venv-judges
# SOAP clients and services of other people: each wants libraries that another cannot have beside it.
SOAP_JUDGES := zeep pyxroad fastapi-xroad-soap
FUZZ := .venv-fuzz
BIN := $(VENV)/bin
STORY ?=
SYSTEM ?=
SECONDS ?= 60
TARGET ?=
# axe-core comes inside a package that would bring a second browser; the script is all we take.
UNWANTED := --no-emit-package playwright --no-emit-package greenlet --no-emit-package pyee

.DEFAULT_GOAL := help
.PHONY: help demo test check format lint types imports tests setup setup-dev judges system fuzz lock sbom clean
.PHONY: docs coverage isolation reference bundle conformance

help: ## Show what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: setup $(JUDGES)/.done ## Boot a small country on this machine and tell its story (STORY=once, STORY=full, STORY="full once")
	@sh scripts/system_packages.sh "$(SYSTEM)" openssl xmlsec1
	$(BIN)/lienthong nation story $(addprefix --,$(STORY))

test: setup-dev judges system ## Install what is missing, then make check
	$(MAKE) check

check: format lint types imports docs tests ## Format, lint, types, import contracts, docs, tests last

format: ## Is every file formatted?
	$(BIN)/ruff format --check src tests benchmarks scripts

lint: ## Rules of pyproject.toml
	$(BIN)/ruff check src tests benchmarks scripts

types: ## mypy --strict
	$(BIN)/mypy

imports: ## The architecture as contracts (importlinter.toml)
	$(BIN)/lint-imports --config importlinter.toml

docs: ## Do the pages say what the code says? Sizes, names and rooms too (tests/architecture)
	$(BIN)/python -m pytest tests/architecture

tests: ## Every other test
	$(BIN)/python -m pytest -n 2 --dist loadfile --ignore=tests/architecture

coverage: setup-dev ## Which lines and branches of the core do its unit tests reach?
	mkdir -p build
	$(BIN)/python -m coverage run -m pytest tests/unit/trust tests/unit/exchange/test_*.py \
	  $(addprefix tests/unit/exchange/,globalconf message messagelog metadata serverconf transport)
	$(BIN)/python -m coverage report

isolation: ## Prove that a server of the exchange needs no Django (part of the tests)
	$(BIN)/python -m pytest tests/bundle/test_isolation.py

reference: ## Write the manual pages that are tables of what the code knows
	$(BIN)/python -m scripts.reference

setup: $(VENV)/.run ## Install what the platform needs to run
setup-dev: $(VENV)/.dev ## Install what the checks need as well
judges: $(JUDGES)/.done $(SOAP_JUDGES:%=.venv-judge-%/.done) ## Install other people's tools that judge our output

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: requirements/run.txt pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements/run.txt
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	touch $@

$(VENV)/.dev: requirements/dev.txt $(VENV)/.run
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements/dev.txt
	touch $@

.venv-judge%/.done: requirements/judge%.txt
	$(PYTHON) -m venv $(@D)
	$(@D)/bin/python -m pip install --quiet --require-hashes --no-deps -r $<
	touch $@

system: ## Debian packages for the judges (only as root or with SYSTEM=1)
	@sh scripts/system_packages.sh "$(SYSTEM)"

fuzz: $(FUZZ)/.done ## Fuzz every parser (SECONDS=60 for each, TARGET=name for one of tests/fuzz/table.py)
	$(FUZZ)/bin/python -m tests.fuzz.run $(SECONDS) $(TARGET)

$(FUZZ)/.done: requirements/fuzz.txt pyproject.toml
	$(PYTHON) -m venv $(FUZZ)
	$(FUZZ)/bin/python -m pip install --quiet --require-hashes -r requirements/fuzz.txt
	$(FUZZ)/bin/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	touch $@

lock: setup-dev ## Pin the dependencies again
	for name in exchange run dev judges fuzz $(SOAP_JUDGES:%=judge-%); do \
	  $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header $(UNWANTED) \
	    requirements/$$name.in -o requirements/$$name.txt; done

sbom: $(JUDGES)/.done setup ## CycloneDX bill of materials of what runs (build/sbom.cdx.json)
	mkdir -p build
	$(JUDGES)/bin/cyclonedx-py requirements --pyproject pyproject.toml --mc-type application --of JSON -o build/sbom.cdx.json requirements/run.txt

bundle: setup ## One archive that installs with the network cut (dist/)
	$(BIN)/python -m scripts.bundle

conformance: setup-dev judges ## Run every outside judge and write docs/conformance.md
	$(BIN)/python -m scripts.conformance

clean: ## Forget everything that was made
	rm -rf build dist $(VENV) $(JUDGES) $(FUZZ) .mypy_cache .ruff_cache .pytest_cache .hypothesis
