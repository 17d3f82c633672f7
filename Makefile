# Two commands matter: `make demo` and `make test`. Both need Python 3.11+, pip, make
# and, for the browser of the tests, apt. Nothing outside this folder is changed
# except by apt.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
DEMO   := demo
PIP    := $(PYTHON) -m pip --disable-pip-version-check --python $(BIN)/python

# In the locale C, Python 3.11 cannot start from a folder with a Chinese name.
ifeq ($(LC_ALL),C)
export LC_ALL := C.UTF-8
endif

.PHONY: demo test fuzz trust check docs gallery browser lock bench clean help

demo: $(DEMO)/map.html ## install, and show what the tool does without any input
	@echo
	@echo "open $(DEMO)/map.html and $(DEMO)/report.html in any browser; no network is needed"

test: browser check ## install what the tests need, and run all of them
	$(BIN)/python -m pytest -q -n auto --dist loadfile

fuzz: $(VENV)/.tests ## the router against plain Python, GRAPHS random graphs for every question
	GRAPHS=$(GRAPHS) $(BIN)/python -m pytest -v --durations=0 tests/test_engine.py

GRAPHS ?= 1250

check: $(VENV)/.tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

docs: $(VENV)/.product ## make docs/structures.md anew from layers/
	$(BIN)/spatialplan show -o docs/structures.md

gallery: browser $(VENV)/.tests ## make the pictures of the README anew
	$(BIN)/python docs/gallery.py

# Made anew only when something it is made of has changed.
$(DEMO)/map.html: $(VENV)/.product $(shell find spatialplan layers maps -type f -not -path '*/__pycache__/*' 2>/dev/null)
	$(BIN)/spatialplan demo -o $(DEMO)

# The lock files name every package with its hash. pip installs into the new
# environment from outside, so that Debian's python3-venv is not needed.
$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and \
	  "Python 3.11 or newer is needed; say where it is: make PYTHON=/path/to/python3")'
	$(PYTHON) -m venv --without-pip $(VENV)

$(VENV)/.product: requirements.lock pyproject.toml hatch_build.py web/package-lock.json | $(BIN)/python
	$(PIP) install --quiet --require-hashes -r requirements.lock
	$(PIP) install --quiet --no-deps --editable .
	touch $@

$(VENV)/.tests: requirements-test.lock $(VENV)/.product
	$(PIP) install --quiet --require-hashes -r requirements-test.lock
	touch $@

# A browser with a Chinese font, for the pages; root, or sudo, where they are missing.
browser:
	@command -v chromium >/dev/null && fc-list :lang=zh 2>/dev/null | grep -q . || { \
	  sudo=$$(test "$$(id -u)" = 0 || echo sudo); \
	  $$sudo apt-get update -qq && \
	  $$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
	    chromium fontconfig fonts-noto-cjk; }

lock: $(VENV)/.tests ## resolve the lock files anew from pyproject.toml
	$(PIP) install --quiet pip-tools
	$(BIN)/pip-compile $(LOCK_OPTIONS) --extra documents -o requirements.lock pyproject.toml
	$(BIN)/pip-compile $(LOCK_OPTIONS) --extra documents --extra test -o requirements-test.lock pyproject.toml

LOCK_OPTIONS := --quiet --upgrade --strip-extras --generate-hashes --allow-unsafe \
  --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-header

# The peers need not run with the Python of the product; OSRM is there for 3.12 and later.
BENCH_VENV := .venv-bench
BENCH_PYTHON ?= $(firstword $(shell for python in python3.12 $(HOME)/.pyenv/versions/3.12*/bin/python \
  $(PYTHON); do $$python -c 'import sys; print(sys.executable)' 2>/dev/null; done))

bench: $(BENCH_VENV)/.peers ## measure our engine and its peers; BENCH=--quick takes minutes
	$(BENCH_VENV)/bin/python -m bench.run $(BENCH)

trust: $(VENV)/.tests $(BENCH_VENV)/.peers ## ask igraph and PySAL's access what we answered
	$(BIN)/python -m pytest -v tests/test_second_opinions.py

$(BENCH_VENV)/.peers: bench/requirements.lock
	$(BENCH_PYTHON) -m venv --clear --without-pip $(BENCH_VENV)
	$(BENCH_PYTHON) -m pip --disable-pip-version-check --python $(BENCH_VENV)/bin/python \
	  install --quiet --require-hashes -r bench/requirements.lock
	touch $@

clean: ## remove what was made here
	rm -rf $(VENV) $(BENCH_VENV) $(DEMO) dist build spatialplan/_vendor

help:
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/'
