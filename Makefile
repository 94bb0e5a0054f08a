# `make run` starts the demonstration, `make test` runs the suite. Python 3.11 or newer and make are all it takes.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install -qq --disable-pip-version-check --no-input --require-hashes
PYTEST_ARGS ?= -n auto

BENCH := members organisations large exports processes rotation

.PHONY: run test bench messages lint format types layers migrations deploy-check check lock clean help

help:
	@echo "make run    start (first time: install), stop with Ctrl-C"
	@echo "make test   the suite"
	@echo "make check  the suite, lint, types and layers"
	@echo "make messages  bring the translation catalogue up to date"
	@echo "make bench  measurements, half an hour; see bench/README.md"
	@echo "make lock   compile the requirement locks again"

run: $(VENV)/run.stamp
	@$(BIN)/python -m config.environment
	@exec $(BIN)/python manage.py serve

test: $(VENV)/dev.stamp
	$(BIN)/python -m pytest $(PYTEST_ARGS)

bench: $(VENV)/dev.stamp
	$(BIN)/python -m bench.hostile
	@for name in $(BENCH); do $(BIN)/python -m bench.$$name || exit 1; done
	@for name in $(BENCH); do .ci/postgres $(BIN)/python -m bench.$$name || exit 1; done

lint: $(VENV)/dev.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/djlint templates --lint --quiet

format: $(VENV)/dev.stamp
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

types: $(VENV)/dev.stamp
	$(BIN)/mypy .

layers: $(VENV)/dev.stamp
	$(BIN)/lint-imports

migrations: $(VENV)/dev.stamp
	$(BIN)/python manage.py makemigrations --check --dry-run --settings config.settings_test

deploy-check: $(VENV)/dev.stamp
	.ci/deploy-check $(BIN)/python

check: lint types layers migrations deploy-check test

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Python 3.11 or newer is needed; name it with: make PYTHON=/path/to/python3.11"; exit 1; }
	@echo "Installing into $(VENV) (once)…"
	@$(PYTHON) -m venv $(VENV)

$(VENV)/run.stamp: requirements.lock | $(VENV)/bin/python
	@$(PIP) -r requirements.lock
	@touch $@

$(VENV)/dev.stamp: requirements-dev.lock | $(VENV)/bin/python
	@$(PIP) -r requirements-dev.lock
	@touch $@

messages: $(VENV)/dev.stamp
	@DJANGO_SETTINGS_MODULE=config.settings_test $(BIN)/python -m tests.messages

lock:
	uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --python-version 3.11 \
		--custom-compile-command "make lock" requirements.in -o requirements.lock
	uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --python-version 3.11 \
		--custom-compile-command "make lock" -c requirements.lock requirements-dev.in -o requirements-dev.lock

clean:
	rm -rf $(VENV)
