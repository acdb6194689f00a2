# `make run` and `make test` do their own set-up on a fresh Debian or Ubuntu with Python (>= 3.11) and make.
# A second run is quick: the files .venv/.runtime and .venv/.dev say what is installed.

PYTHON ?= python3
AS_OF ?= 2026-11-25
RELEASE ?= 2026-11-25
MIRROR ?=
VENV := .venv
PY := $(VENV)/bin/python
PIP := $(PY) -m pip install --quiet --disable-pip-version-check

WORDS := $(PY) -m babel.messages.frontend
TRANSLATED := fr es ar

.PHONY: help run test lint words docs screenshots bench scale reproduce fetch build clean

help:
	@echo "make run                the dashboard, on the release in data/releases"
	@echo "make test               lint, types, tests, browser tests, notebooks"
	@echo "make words              brings the catalogues of translated texts up to date (dashboard/locale)"
	@echo "make screenshots        pictures of every page, wide and as on a phone, in screenshots/"
	@echo "make docs               the documentation as a site, in build/site"
	@echo "make bench              a table of times: build, pages, bytes, backtest; PUBLISH=1 a whole release too"
	@echo "make scale              time and memory by number of rows, on synthetic panels; SIZE=0.5 half of it, GRID=CELLS through Dask"
	@echo "make reproduce          the newest release made anew and compared byte for byte; MIRROR=DIR, FULL=1: an hour"
	@echo "make fetch              the producers' files to data/raw; MIRROR=DIR takes them from a folder"
	@echo "make build              a release from data/raw; MIRROR=DIR as above, AS_OF=YYYY-MM-DD, RELEASE=ID"
	@echo "make clean              removes the environment and the caches, not the data"

# Without a server address, a start on a machine without a screen asks a site elsewhere for the machine's own address.
run: $(VENV)/.runtime
	$(PY) -m streamlit run app.py --browser.serverAddress localhost

test: lint
	CHROMIUM="$$(sh tools/chromium.sh $(PY))" && NGINX="$$(sh tools/nginx.sh)" && export CHROMIUM NGINX \
		&& echo "Browser tests use $$CHROMIUM and $$NGINX" && $(PY) -m pytest
	$(PY) -m pytest --nbmake --nbmake-timeout=300 notebooks

lint: $(VENV)/.dev
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy

# A text that changed loses its translation: one that is nearly right is worse than one that is missing.
words: $(VENV)/.dev
	@mkdir -p build
	$(WORDS) --quiet extract -F babel.cfg -k _ -k N_ -k ngettext:1,2 --no-location --sort-output \
		--project Upstream --version dashboard --msgid-bugs-address CONTRIBUTING.md \
		--copyright-holder "The Upstream maintainers" --last-translator "The Upstream maintainers" -o build/words.pot .
	for language in $(TRANSLATED); do $(WORDS) --quiet update -i build/words.pot -o dashboard/locale/$$language.po \
		-l $$language --init-missing --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date --width 118; done

screenshots: $(VENV)/.dev
	CHROMIUM="$$(sh tools/chromium.sh $(PY))" && export CHROMIUM && $(PY) -m tools.screenshots

docs: $(VENV)/.dev
	NO_MKDOCS_2_WARNING=1 $(PY) -m mkdocs build --strict --quiet
	@echo "The site is in build/site: $(PY) -m http.server -d build/site"

bench: $(VENV)/.dev
	CHROMIUM="$$(sh tools/chromium.sh $(PY))" && export CHROMIUM && $(PY) -m tools.bench $(if $(MIRROR),--mirror "$(MIRROR)") $(if $(PUBLISH),--publish)

scale: $(VENV)/.dev
	$(PY) -m tools.scale $(if $(GRID),--grid $(GRID)) $(if $(MONTHS),--months $(MONTHS)) $(if $(SIZE),--scale $(SIZE))

reproduce: fetch
	$(PY) -m tools.reproduce $(if $(FULL),--full)

fetch: $(VENV)/.runtime
	$(PY) pipeline.py fetch $(if $(MIRROR),--mirror "$(MIRROR)")

build: fetch
	$(PY) pipeline.py build --as-of $(AS_OF) --release $(RELEASE)

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(PY):
	sh tools/venv.sh $(PYTHON) $(VENV)

$(VENV)/.runtime: requirements.txt | $(PY)
	$(PIP) -r requirements.txt
	@touch $@

$(VENV)/.dev: requirements-dev.txt $(VENV)/.runtime
	$(PIP) -r requirements-dev.txt
	@touch $@
