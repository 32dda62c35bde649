# Every target prepares what it needs; nothing has to be installed by hand but Python 3.11+, make and git.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

# What starts many processes would compile all our modules anew in each of them.
unexport PYTHONDONTWRITEBYTECODE
# Processes run without docstrings (-OO): compiled for that once, or the first of them would each compile everything.
PROCESSES := granian.cli, kiosk, sms.app, sms.jobs, workers.jobs, workers.recorder, workers.working

.PHONY: install run test bench screenshots format lock

install: $(VENV)/.installed

$(VENV)/.installed: requirements.lock pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	$(BIN)/uv pip install --quiet --python $(BIN)/python --compile-bytecode --require-hashes -r requirements.lock
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --editable .
	$(BIN)/python -OO -c "import $(PROCESSES)"
	touch $@

run: install
	$(BIN)/suara run --demo

test: install
	$(BIN)/suara check

bench: install
	$(BIN)/python -m tests.bench

screenshots: install
	$(BIN)/python -m tests.screenshots

format: install
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lock: install
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --no-annotate --no-header --extra dev --upgrade -o requirements.lock pyproject.toml
