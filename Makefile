# Everything runs in ./.venv, which the first target that needs it makes.
PYTHON ?= python3
BIN := .venv/bin
PACKAGES := data_dictionary surveys evaluation analyses reports
# Linear algebra on two threads of a busy machine is slower than on one.
export OMP_NUM_THREADS ?= 1
export OPENBLAS_NUM_THREADS ?= 1

.PHONY: size demo test test-all quarto browser validity thresholds bench coverage lint types report wheel oracles constraints clean help
.DEFAULT_GOAL := help

.venv/.made:
	@$(PYTHON) -c 'import sys; sys.exit("enplan needs Python 3.11, 3.12 or 3.13; this is %d.%d. Set PYTHON=/path/to/python3.11" % sys.version_info[:2]) if not (3, 11) <= sys.version_info[:2] < (3, 14) else None'
	$(PYTHON) -m venv .venv
	@touch $@

.venv/.run: .venv/.made pyproject.toml constraints.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	@touch $@

.venv/.dev: .venv/.run
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@

demo: .venv/.run  ## make a synthetic study, run it, render the report
	$(BIN)/enplan demo

test: .venv/.dev  ## pass the tests
	$(BIN)/python -m pytest -n 2 --dist loadfile -m 'not slow and not quarto and not browser'

test-all: .venv/.dev  ## the tests with the long simulations
	$(BIN)/python -m pytest -m 'not quarto and not browser'

quarto: .venv/.dev  ## the same documents with both engines (needs Quarto 1.9, by QUARTO_PATH or PATH)
	$(BIN)/python -m pytest -m quarto tests/reports

browser: .venv/.dev  ## the demonstration's page in Chromium, with axe (needs chromium and node)
	@tools=$$(mktemp -d) && trap 'rm -rf "$$tools"' EXIT && \
	npm install --silent --no-package-lock --no-audit --no-fund --ignore-scripts --prefix "$$tools" playwright-core@1.65.1 axe-core@4.14.1 && \
	BROWSER_TOOLS="$$tools" $(BIN)/python -m pytest -m browser tests/reports/browser

validity: .venv/.dev  ## coverage over simulated studies: designs alone, then the whole run (long)
	$(BIN)/python -m tests.validity.designs
	$(BIN)/python -m tests.validity.g_computation
	$(BIN)/python -m tests.validity.coverage
	$(BIN)/python -m tests.validity.disclosure

thresholds: .venv/.dev  ## size of every test for few clusters on a grid of designs (long)
	$(BIN)/python -m tests.validity.thresholds --page docs/few-clusters.md

bench: .venv/.dev  ## speed as ratios in one run
	$(BIN)/python -m tests.bench

coverage: .venv/.dev  ## test coverage, kernels included
	NUMBA_DISABLE_JIT=1 $(BIN)/python -m coverage run -m pytest -q -m 'not slow and not quarto and not browser'
	$(BIN)/python -m coverage report --fail-under=90

size:  ## product lines by package, and the largest modules
	@for package in $(PACKAGES); do \
	  printf '%-16s' $$package; find $$package -name '*.py' | xargs cat | wc -l; done
	@printf '%-16s' product; find $(PACKAGES) -name '*.py' | xargs cat | wc -l
	@find $(PACKAGES) -name '*.py' | xargs wc -l | grep -v total | sort -rn | head -5

lint: .venv/.dev  ## style
	$(BIN)/ruff check $(PACKAGES) tests
	$(BIN)/ruff format --check $(PACKAGES) tests

types: .venv/.dev  ## types
	$(BIN)/mypy

report: .venv/.run  ## render the report of the last demo again
	$(BIN)/enplan render out/demo/results --out out/demo/report

wheel: .venv/.dev  ## build the wheel
	$(BIN)/python -m pip wheel --quiet --no-deps --wheel-dir dist .

oracles:  ## run R again for the stored reference numbers (needs r-base and r-cran-survival, -cmprsk, -sandwich, -jsonlite)
	Rscript tests/oracle/make_all.R

constraints: .venv/.dev  ## pin every dependency again, on Python 3.11
	$(BIN)/uv pip compile pyproject.toml --all-extras --no-header --no-annotate --python-version 3.11 --upgrade -q -o constraints.txt

clean:  ## remove what was built
	rm -rf .venv out dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis htmlcov .coverage

help:
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## */\t/' | expand -t 16
