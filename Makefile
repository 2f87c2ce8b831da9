# The course in a few words: make book, make test, make help.
#
# Works with GNU make from 3.81, which is what macOS has. All targets share
# one environment, .venv, set up from constraints.txt. It is set up when it is
# missing or older than what describes it, and then no longer needs a network.

# Which Python makes .venv: make book PYTHON=python3.12
PYTHON ?= python3
# How much the chapters compute: smoke (for tests), laptop, gpu
SCALE ?= laptop
# More words for pytest: make test ARGS="-k color -x"
ARGS ?=
# Where `make serve` answers
PORT ?= 8000

VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

# The book that is read stands in _build/html, another scale's apart from it.
OUT := $(if $(filter laptop,$(SCALE)),.,_build/$(SCALE))
HTML := $(OUT)/_build/html
EXECUTED := $(OUT)/_build/.executed
COVER := book/static/made/card.jpg
# What a chapter's output depends on, besides its own cells.
SOURCES := $(shell find colorlib book/results -type f \
	! -name '*.pyc' ! -name '.*' 2>/dev/null)

.PHONY: help setup book pdf test fast test-machines lint format bench serve clean \
	constraints address

help:  ## show what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-14s %s\n", $$1, $$2 }' \
		Makefile

setup: $(READY)  ## set up .venv; the others do it when it is needed

$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; v = sys.version_info; sys.exit(None if v >= \
		(3, 11) else "The course needs Python 3.11 or later and this is \
		%d.%d: make PYTHON=python3.12, if you have that" % v[:2])'
	@echo 'Setting up $(VENV): some minutes, some gigabytes'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet -c constraints.txt -e '.[dev]'
	@touch $@

book: $(READY) $(EXECUTED) $(COVER)  ## render the course, chapters executed
	$(BIN)/python book/tools/vendor.py
	$(BIN)/python book/tools/korean_font.py
	@# From scratch, so that no page of a deleted file and no swallowed
	@# warning is left from last time. Executed notebooks are kept.
	@rm -rf $(HTML) $(OUT)/_build/.doctrees
	COLORLIB_SCALE=$(SCALE) $(BIN)/jupyter-book build . \
		--path-output $(OUT) -W --keep-going --quiet \
		|| { $(BIN)/python book/tools/failed_chapters.py $(HTML)/reports; exit 1; }
	@echo 'The book is in $(HTML). To read it: make serve'

pdf: book  ## print the course as one PDF, with Chromium or Chrome
	$(BIN)/python book/tools/pdf.py $(HTML)

# Jupyter Book knows a notebook as executed as long as its cells are the same.
# It can't see that the package or the versions under them have changed.
$(EXECUTED): $(SOURCES) constraints.txt
	@mkdir -p $(@D)
	@rm -rf $(@D)/.jupyter_cache
	@touch $@

# It shows what the model that ships makes of a photograph.
$(COVER): book/tools/cover.py $(wildcard colorlib/models/shipped/*) | $(READY)
	$(BIN)/python book/tools/cover.py

test: $(READY)  ## run all tests, on a book built at smoke scale
	$(MAKE) book SCALE=smoke
	$(BIN)/python book/tools/vendor.py tests
	@# A file's tests stay in one process: two would both visit all pages.
	$(BIN)/python -m pytest -n 2 --dist loadfile \
		--nbmake --nbmake-timeout=1800 tests chapters $(ARGS)

# What needs a built book, a browser or many seconds is left out.
fast: $(READY)  ## run the tests that take some two minutes in all
	$(BIN)/python -m pytest -n 2 --dist loadfile -m 'not slow and not cuda' \
		tests $(ARGS)

test-machines: $(READY)  ## hold the chapters' claims against other machines
	$(BIN)/python tests/book/machines.py $(ARGS)

lint: $(READY)  ## check style and types
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

format: $(READY)  ## mend the code's style, as far as a machine can
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

bench: $(READY)  ## measure speed and memory against the deck's recipe
	@failed=0; for script in benchmarks/*.py; do echo "$$script"; \
		$(BIN)/python $$script || failed=1; done; exit $$failed

serve:  ## serve the rendered course, to this machine only
	@test -e $(HTML)/index.html || { echo 'No book yet: make book'; exit 1; }
	$(BIN)/python -m http.server --bind 127.0.0.1 --directory $(HTML) $(PORT)

clean:  ## delete what was built, keep .venv
	rm -rf _build build book/static/made .mypy_cache .pytest_cache .ruff_cache .hypothesis *.egg-info/
	find . -name __pycache__ -not -path './$(VENV)/*' -prune \
		-exec rm -rf {} +

constraints:  ## pin the newest versions that fit together, then make test
	rm -rf $(VENV)
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet -e '.[dev]'
	sed -n '/^#/p' constraints.txt > $(VENV)/pins
	$(BIN)/python -m pip freeze --exclude-editable >> $(VENV)/pins
	mv $(VENV)/pins constraints.txt
	@touch $(READY)

address:  ## write the repository's address: make address URL=https://...
	$(PYTHON) book/tools/address.py $(URL) $(addprefix --release ,$(RELEASE))
