# Every target sets up what it needs by itself; see `make help`.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
TEST_FLAGS ?=
# With it, every process that a test starts would compile the program anew.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help demo test test-fast check format lock clean system bench national soak screenshots new-platform

help:             ## Show the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

# The application alone, from hashed pins: enough for an office and for the demo.
$(VENV)/.app: locks/app.txt pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || { echo "Perlu python3-venv: apt-get install python3-venv" >&2; exit 2; }
	$(BIN)/python -m pip install --quiet --require-hashes --requirement locks/app.txt
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

# The tools for tests and checks, on top of the application.
$(VENV)/.dev: $(VENV)/.app locks/dev.txt
	$(BIN)/python -m pip install --quiet --require-hashes --requirement locks/dev.txt
	@touch $@

demo: $(VENV)/.app   ## Run one night on the bundled demo contest
	@$(BIN)/pantau demo

system: $(VENV)/.dev ## Install browser and network peers for the full tests, or say what is missing
	@$(BIN)/python tests/peers/setup_machine.py

test: system      ## Run everything, on both databases, real peers and a real browser
	$(BIN)/python -m pytest --numprocesses auto --dist loadgroup --no-loadscope-reorder $(TEST_FLAGS)

test-fast: $(VENV)/.dev ## Run the inner loop (under a minute)
	$(BIN)/python -m pytest --numprocesses auto -m "not slow and not peer and not browser" $(TEST_FLAGS)

check: $(VENV)/.dev  ## Format, lint, types, import contracts, architecture and documentation tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -q -m architecture

# The peers that benchmarks compare with, in an environment of their own.
.venv-bench/.ready: locks/bench.txt pyproject.toml
	@test -x .venv-bench/bin/python || $(PYTHON) -m venv .venv-bench
	.venv-bench/bin/python -m pip install --quiet --require-hashes --requirement locks/bench.txt
	.venv-bench/bin/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

bench: .venv-bench/.ready ## Compare with named peers in one run; results in benchmarks/results
	.venv-bench/bin/python -m benchmarks.mentions $(BENCH_FLAGS)
	.venv-bench/bin/python -m benchmarks.rules_run
	.venv-bench/bin/python -m benchmarks.parsing
	.venv-bench/bin/python -m benchmarks.fetching
	.venv-bench/bin/python -m benchmarks.report_files
	.venv-bench/bin/python -m benchmarks.evidence
	.venv-bench/bin/python -m benchmarks.ingest
	.venv-bench/bin/python -m benchmarks.judge_all

national: .venv-bench/.ready ## Reckon workers, requests, hours, rupiah and gigabytes for the country into docs/ukuran.md
	.venv-bench/bin/python -m benchmarks.national $(BENCH_FLAGS)

new-platform: $(VENV)/.app ## Make a platform from the template: make new-platform NAME=contohria
	@$(BIN)/python -m monitor dev new-platform $(NAME)

screenshots: $(VENV)/.dev ## Take the pictures of the guides anew, into docs/gambar (needs Chromium)
	$(BIN)/python -m scripts.screenshots

# Memory, where tests otherwise keep their files, should not hold so much.
soak: export TMPDIR ?= /tmp
soak: $(VENV)/.dev ## Run the heavy forms of tests: an export of 2 GB, nights killed at many moments, forms drawn
	@$(BIN)/python tests/peers/setup_machine.py --soak
	$(BIN)/python -m pytest -q --timeout 900 tests/reports/rendered_forms.py
	PANTAU_SOAK_MB=2048 $(BIN)/python -m pytest -q --timeout 3600 tests/scrapers/imports/test_large_exports.py
	PANTAU_SOAK_ROUNDS=25 $(BIN)/python -m pytest -q --timeout 3600 tests/web/test_many_reviewers.py
	PANTAU_SOAK_MOMENTS=40 $(BIN)/python -m pytest -q tests/e2e/test_killed_night.py
	PANTAU_SOAK_NIGHTS=120 $(BIN)/python -m pytest -q tests/e2e/test_campaign.py
	$(BIN)/python -m pytest -q --timeout 3600 tests/deploy/installed_offline.py

format: $(VENV)/.dev ## Let ruff write the layout
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lock:             ## Renew the hashed pins (needs uv)
	uv pip compile --quiet pyproject.toml --group build --generate-hashes --universal --python-version 3.11 --no-emit-index-url --no-header --output-file locks/app.txt
	uv pip compile --quiet pyproject.toml --group build --group dev --constraint locks/app.txt --generate-hashes --universal --python-version 3.11 --no-emit-index-url --no-header --output-file locks/dev.txt
	uv pip compile --quiet pyproject.toml --group build --group bench --constraint locks/app.txt --generate-hashes --universal --python-version 3.11 --no-emit-index-url --no-header --output-file locks/bench.txt

clean:            ## Remove what the other targets made
	rm -rf $(VENV) .venv-bench demo-workspace .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .coverage htmlcov
