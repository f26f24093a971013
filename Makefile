# Needs make and Python 3.11 or newer. To name another one: make PYTHON=python3.13 test
PYTHON ?= python3

BIN := .venv/bin
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps
LOCK = PYTHONWARNINGS=ignore $(BIN)/pip-compile --quiet --no-header --no-build-isolation \
	--strip-extras --allow-unsafe --generate-hashes \
	--no-emit-index-url --no-emit-find-links --no-emit-trusted-host $(if $(UPGRADE),--upgrade)
LOCKS := requirements.txt requirements-dev.txt requirements-build.txt requirements-lowest.txt
LOWEST := build/lowest
NODE_PACKAGES := clients/node/node_modules/.installed
LOCK_HEADER := Made with Python 3.11 by `make lock`; `make lock UPGRADE=1` also takes newer versions.

.DEFAULT_GOAL := help
.PHONY: help serve demo test evidence pages contract mutants scenarios types check bench measure soak lock clean
.SILENT:

help: ## List what can be made
	awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-9s%s\n", $$1, $$2 }' Makefile

serve: .venv/.runtime ## Start the server on http://127.0.0.1:4588; flags as EMULATOR_<FLAG>
	$(BIN)/python -m emulator serve

demo: .venv/.dev ## Run five whole flows with the vendors' SDKs, in a server of its own
	$(BIN)/python -m examples.demo

test: .venv/.dev $(NODE_PACKAGES) ## Run the tests
	$(BIN)/python -m pytest -q -n auto -p tests.evidence --evidence=check
	$(BIN)/python -m pytest -q -n auto tests/flows tests/engine --ledger=yielding

evidence: pages $(NODE_PACKAGES) ## Run the tests, and write down what they did, and the pages made from it
	$(BIN)/python -m pytest -q -n auto -p tests.evidence --evidence=write; ended=$$?; \
	$(MAKE) pages && exit $$ended

pages: .venv/.dev ## Write docs/coverage.md, docs/errors.md and the types of the Node client's answers
	$(BIN)/python -m emulator coverage --markdown > docs/coverage.md
	$(BIN)/python -m emulator coverage --errors > docs/errors.md
	$(BIN)/python -m tests.node.shapes

contract: .venv/.dev ## Run every contract test; against a server: make contract TARGET=http://…
	$(BIN)/python -m pytest -q contract_tests --cases full $(if $(TARGET),--target $(TARGET),-n auto)

mutants: .venv/.dev ## Drop or loosen our rules one by one: do the contract tests notice?
	$(BIN)/python -m tests.mutants $(ONLY)

scenarios: .venv/.dev ## Write what is made from scenarios/ and the faults: page and schema
	$(BIN)/python -m emulator scenario docs > docs/scenarios.md.new
	mv docs/scenarios.md.new docs/scenarios.md
	$(BIN)/python -m emulator scenario schema > scenarios/scenario.schema.json.new
	mv scenarios/scenario.schema.json.new scenarios/scenario.schema.json

types: .venv/.dev $(NODE_PACKAGES) ## Write all types of the Node client
	$(BIN)/python -m tests.node.shapes
	cd clients/node && npm run --silent types

check: .venv/.dev ## Check lint, format, types and floors
	$(BIN)/ruff check --quiet
	$(BIN)/ruff format --check --quiet
	$(BIN)/mypy --no-error-summary
	floors=$$($(BIN)/lint-imports --no-logo) || { echo "$$floors"; exit 1; }

bench: .venv/.dev ## Run the benchmark
	$(BIN)/python benchmarks/bench.py

measure: .venv/.dev ## Measure every promised time and memory; in short: make measure SHORT=1
	$(BIN)/python benchmarks/measure.py $(if $(SHORT),--short) $(ONLY)

soak: .venv/.dev ## Soak a server in mixed traffic; in short: make soak SECONDS=20; again: SEED=…
	$(BIN)/python -m tests.soak $(if $(SECONDS),--seconds $(SECONDS)) $(if $(SEED),--seed $(SEED))

# Each dependency at its floor, which newer Pythons have no wheels of; hence the version.
lowest: .venv/.dev ## Install beside the oldest packages that are supported, and try that
	$(BIN)/python -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' || { \
		echo "The oldest packages need the oldest Python: make clean, then make PYTHON=python3.11 lowest" >&2; \
		exit 1; }
	rm -rf $(LOWEST)
	$(BIN)/python -m venv $(LOWEST)/venv
	$(BIN)/python -m pip wheel --quiet --no-deps --no-build-isolation --no-index --wheel-dir $(LOWEST) .
	$(LOWEST)/venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps \
		--only-binary :all: --require-hashes -r requirements-lowest.txt
	$(LOWEST)/venv/bin/python -m pip install --quiet --disable-pip-version-check --no-index $(LOWEST)/*.whl
	cd tests/lowest && ../../$(LOWEST)/venv/bin/python -W error -m pytest -q -c /dev/null --rootdir . \
		--confcutdir . -p no:cacheprovider -W error smoke.py

image: ## Build the image from its base by digest: make image TAG=emulator
	base=$$(sed -n 's/^ARG BASE=//p' Dockerfile) && \
	digest=$$(docker buildx imagetools inspect "$$base" --format '{{.Manifest.Digest}}') && \
	docker build --build-arg "BASE=$$base@$$digest" --tag "$(or $(TAG),emulator)" .

lock: .venv/.dev ## Write requirements*.txt anew from pyproject.toml
	$(BIN)/python -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' || { \
		echo "Locks are made with the oldest Python supported: make clean, then make PYTHON=python3.11 lock" >&2; \
		exit 1; }
	$(LOCK) --output-file=requirements.txt pyproject.toml
	$(LOCK) --output-file=requirements-dev.txt --constraint=requirements.txt --extra=dev pyproject.toml
	printf 'hatchling\nsetuptools\n' | \
		$(LOCK) --output-file=requirements-build.txt --constraint=requirements-dev.txt -
	$(BIN)/python tests/lowest/floors.py | $(LOCK) --output-file=requirements-lowest.txt -
	for lock in $(LOCKS); do \
		{ echo '# $(LOCK_HEADER)'; cat $$lock; } > $$lock.new && mv $$lock.new $$lock || exit 1; \
	done

clean: ## Remove .venv, caches and builds
	rm -rf clients/node/node_modules
	rm -rf .venv .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache build dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# What serving needs takes seconds, and the SDKs of the tests most of a minute; hence two stamps.
.venv/.runtime: requirements.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo "'$(PYTHON)' is no Python 3.11 or newer. Name one: make PYTHON=python3.11 $(MAKECMDGOALS)" >&2; \
		exit 1; }
	$(PYTHON) -m venv --clear .venv
	$(INSTALL) --require-hashes -r requirements.txt
	touch $@

# One SDK has no wheel; the locked builders, installed first, build it and us.
.venv/.dev: .venv/.runtime requirements-build.txt requirements-dev.txt pyproject.toml
	echo "Installing the tools and the vendors' SDKs into .venv, once for every lock."
	$(INSTALL) --require-hashes -r requirements-build.txt
	$(INSTALL) --require-hashes --no-build-isolation --use-pep517 -r requirements-dev.txt
	$(BIN)/pip-sync --quiet requirements-dev.txt  # removes what the lock no longer lists
	$(INSTALL) --no-build-isolation --no-index --editable .
	touch $@

# SDKs and test runners of the Node client's tests. Nothing of them is run while they are installed.
$(NODE_PACKAGES): clients/node/package.json clients/node/package-lock.json
	if command -v npm >/dev/null; then \
		echo "Installing the npm packages of clients/node, once for every lock."; \
		cd clients/node && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null && \
		touch node_modules/.installed; \
	else \
		echo "npm is not installed: the tests with Node.js are skipped, or fail where CI=true." >&2; \
	fi
