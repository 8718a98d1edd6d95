# Everything that this project is built and checked with. `make` alone lists the targets.

SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules

VENV := .venv
BIN := $(VENV)/bin
PYTHON := $(BIN)/python
INSTALLED := $(VENV)/.installed
INSTALLED_DEV := $(VENV)/.installed-dev
PIP := $(PYTHON) -m pip --disable-pip-version-check --quiet --quiet --no-input
# Tests in this many processes; 0 runs them in one.
JOBS ?= 2

export PIP_ROOT_USER_ACTION := ignore

.PHONY: help
help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | expand -t 14

$(PYTHON):
	@for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	  if "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	    found=$$python; break; \
	  fi; \
	done; \
	if [ -z "$${found:-}" ]; then \
	  echo "tidings needs Python 3.11 or newer; none of python3, python3.11 … python3.14 is one." >&2; \
	  exit 1; \
	fi; \
	"$$found" -m venv $(VENV) || { \
	  echo "$$found cannot make virtual environments; on Debian: apt-get install python3-venv" >&2; \
	  rm -rf $(VENV); exit 1; }

# hatchling is installed first, so that building uses the pinned version too.
$(INSTALLED): $(PYTHON) pyproject.toml constraints.txt
	$(PIP) install -c constraints.txt hatchling editables
	$(PIP) install -c constraints.txt --no-build-isolation --editable .
	@touch $@

$(INSTALLED_DEV): $(INSTALLED)
	$(PIP) install -c constraints.txt --no-build-isolation --editable '.[dev]'
	@touch $@

.PHONY: site
site: $(INSTALLED) ## build this project's own site into site/
	$(BIN)/tidings build

.PHONY: serve
serve: $(INSTALLED) ## preview the site, and follow edits
	$(BIN)/tidings serve

.PHONY: test
test: $(INSTALLED_DEV) ## run the tests
	@.ci/need chromium chromium "the tests marked 'browser' are left out" || true
	@.ci/need sshd openssh-server "publishing over ssh is not tested" || true
	@.ci/need rsync rsync "publishing over ssh is not tested" || true
	$(PYTHON) -m pytest -n $(JOBS)

.PHONY: check
check: format-check lint types imports docs-check test ## everything that must hold before a commit

.PHONY: format-check lint types imports docs-check
format-check: $(INSTALLED_DEV)
	$(BIN)/ruff format --check
lint: $(INSTALLED_DEV)
	$(BIN)/ruff check
types: $(INSTALLED_DEV)
	$(BIN)/mypy
imports: $(INSTALLED_DEV)
	$(BIN)/lint-imports
docs-check: $(INSTALLED_DEV)
	$(PYTHON) docs/generate.py --check

.PHONY: format
format: $(INSTALLED_DEV) ## put the code into shape
	$(BIN)/ruff check --fix --quiet || true
	$(BIN)/ruff format

.PHONY: docs
docs: $(INSTALLED_DEV) ## write the reference pages anew
	$(PYTHON) docs/generate.py

node_modules/.installed: package.json
	@.ci/need npm npm "the conformance tests cannot run"
	npm install --ignore-scripts --no-package-lock --no-audit --no-fund --silent
	@touch $@

.PHONY: conformance
conformance: $(INSTALLED_DEV) node_modules/.installed ## check pages with outside judges
	@.ci/need java default-jre-headless "the HTML checker cannot run"
	@.ci/need chromium chromium "pages cannot be looked at"
	$(PYTHON) -m pytest -m conformance

.PHONY: screenshots
screenshots: $(INSTALLED_DEV) site ## take pictures of this project's site into docs/screenshots/
	@.ci/need chromium chromium "pages cannot be looked at"
	$(PYTHON) docs/screenshots.py

RECORDS ?= 10000
RUNS ?= 5
# Names of scenarios with commas between; all, when empty. BENCH holds more options (--help).
ONLY ?=
BENCH ?=

.PHONY: bench
bench: $(INSTALLED_DEV) ## measure builds beside Hugo's; RECORDS=1000 RUNS=1 ONLY=cold,body for less
	@$(PIP) install -c constraints.txt --no-build-isolation --editable '.[bench]' || \
	  echo "Hugo cannot be installed" >&2
	PYTHONPATH=benchmarks $(PYTHON) -m bench --records $(RECORDS) --runs $(RUNS) \
	  $(if $(ONLY),--only $(ONLY)) $(BENCH)

.PHONY: clean
clean: ## remove everything that was made here, the virtual environment too
	rm -rf $(VENV) node_modules dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis
	rm -rf .import_linter_cache .tidings site/.tidings
	find site -mindepth 1 ! -name .gitignore -delete
	find src tests docs -name __pycache__ -prune -exec rm -rf {} +
