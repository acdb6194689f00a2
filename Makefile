# `make run` and `make test` do their own set-up on a fresh Debian or Ubuntu with Python (>= 3.11) and make.
# A second run is quick: the files .venv/.runtime and .venv/.dev say what is installed.

PYTHON ?= python3
AS_OF ?= 2026-11-25
RELEASE ?= 2026-11-25
CODE := app.py asgi.py release.py storage.py whole.py dashboard indicators models tools pipeline.py
MIRROR ?=
REPLICAS ?= 1
FAULTS ?= 50
VENV := .venv
PY := $(VENV)/bin/python
PIP := $(PY) -m pip install --quiet --disable-pip-version-check

LOCK := $(PY) -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--custom-compile-command "make lock"
WORDS := $(PY) -m babel.messages.frontend
TRANSLATED := fr es ar

.PHONY: help run test lint words docs screenshots bench load soak fetch build lock upgrades pythons scale reproduce fuzz audit faults clean

help:
	@echo "make run                the dashboard, on the release in data/releases"
	@echo "make test               lint, types, tests, browser tests, notebooks"
	@echo "make words              brings the catalogues of translated texts up to date (dashboard/locale)"
	@echo "make screenshots        pictures of every page, wide and as on a phone, in screenshots/"
	@echo "make docs               the documentation as a site, in build/site"
	@echo "make bench              a table of times: build, pages, bytes, backtest; PUBLISH=1 a whole release too; BRIEFS=1 briefings alone"
	@echo "make load               many readers at once on this machine: times, errors, memory; REPLICAS=2 behind nginx"
	@echo "make soak               readers come and go for an hour, SECONDS=3600: does memory grow?"
	@echo "make scale              time and memory by number of rows, on synthetic panels; SIZE=0.5 half of it, GRID=CELLS through Dask"
	@echo "make reproduce          the newest release made anew and compared byte for byte; MIRROR=DIR, FULL=1: an hour"
	@echo "make fuzz               hostile input for every reader; SECONDS for each target, SEED of the mutations"
	@echo "make audit              known vulnerabilities of the requirements; asks the Python package index"
	@echo "make faults             faults on the real commands, and what is lost (nothing): FAULTS=50 kills, SEED=N, MIRROR=DIR"
	@echo "make fetch              the producers' files to data/raw; MIRROR=DIR takes them from a folder"
	@echo "make build              a release from data/raw; MIRROR=DIR as above, AS_OF=YYYY-MM-DD, RELEASE=ID"
	@echo "make pythons            the tests without a browser on every Python from 3.11 to 3.13 that is found"
	@echo "make lock               requirements*.lock anew from requirements*.txt"
	@echo "make upgrades           which installed libraries have a newer version"
	@echo "make clean              removes the environment and the caches, not the data"

# Without a server address, a start on a machine without a screen asks a site elsewhere for the machine's own address.
run: $(VENV)/.runtime
	$(PY) -m streamlit run app.py --browser.serverAddress localhost

test: lint
	CHROMIUM="$$(sh tools/program.sh chromium $(PY))" && NGINX="$$(sh tools/program.sh nginx)" && export CHROMIUM NGINX \
		&& { OFFICE="$$(sh tools/program.sh office)" && export OFFICE || true; } \
		&& echo "The tests use $$CHROMIUM, $$NGINX and $${OFFICE:-no LibreOffice}" && $(PY) -m pytest
	$(PY) -m pytest --nbmake --nbmake-timeout=300 notebooks

lint: $(VENV)/.dev
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy
	$(PY) -m bandit --quiet --recursive -c pyproject.toml $(CODE)

# A text that changed loses its translation: one that is nearly right is worse than one that is missing.
words: $(VENV)/.dev
	@mkdir -p build
	$(WORDS) --quiet extract -F babel.cfg -k _ -k N_ -k ngettext:1,2 --no-location --sort-output \
		--project Upstream --version dashboard --msgid-bugs-address CONTRIBUTING.md \
		--copyright-holder "The Upstream maintainers" --last-translator "The Upstream maintainers" -o build/words.pot .
	for language in $(TRANSLATED); do $(WORDS) --quiet update -i build/words.pot -o dashboard/locale/$$language.po \
		-l $$language --init-missing --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date --width 118; done

screenshots: $(VENV)/.dev
	CHROMIUM="$$(sh tools/program.sh chromium $(PY))" && export CHROMIUM && $(PY) -m tools.screenshots

docs: $(VENV)/.dev
	NO_MKDOCS_2_WARNING=1 $(PY) -m mkdocs build --strict --quiet
	@echo "The site is in build/site: $(PY) -m http.server -d build/site"

bench: $(VENV)/.dev
	CHROMIUM="$$(sh tools/program.sh chromium $(PY))" && export CHROMIUM && $(PY) -m tools.bench $(if $(MIRROR),--mirror "$(MIRROR)") $(if $(PUBLISH),--publish) $(if $(BRIEFS),--briefs)

load: $(VENV)/.dev
	NGINX="$$(sh tools/program.sh nginx)" && export NGINX && $(PY) -m tools.load $(if $(REPLICAS),--replicas $(REPLICAS)) $(if $(SECONDS),--seconds $(SECONDS))

soak: $(VENV)/.dev
	$(PY) -m tools.load --soak $(if $(SECONDS),--seconds $(SECONDS))

scale: $(VENV)/.dev
	$(PY) -m tools.scale $(if $(GRID),--grid $(GRID)) $(if $(MONTHS),--months $(MONTHS)) $(if $(SIZE),--scale $(SIZE))

reproduce: fetch
	$(PY) -m tools.reproduce $(if $(FULL),--full)

# Each target in a process of its own; what is found is kept in build/fuzz.
fuzz: $(VENV)/.dev
	$(PY) -m tools.fuzz $(if $(SECONDS),--seconds $(SECONDS)) $(if $(SEED),--seed $(SEED))

audit: $(VENV)/.dev
	$(PY) -m pip_audit --strict --disable-pip -r requirements-dev.lock

# As root on Linux also full disks and folders that cannot be written, on mounts that nobody else sees.
faults: $(VENV)/.dev
	$(PY) -m tools.faults --number $(FAULTS) $(if $(SEED),--seed $(SEED)) $(if $(MIRROR),--mirror "$(MIRROR)")

fetch: $(VENV)/.runtime
	$(PY) pipeline.py fetch $(if $(MIRROR),--mirror "$(MIRROR)")

build: fetch
	$(PY) pipeline.py build --as-of $(AS_OF) --release $(RELEASE)

# The versions that are wanted stand in requirements*.txt; the locks add what these need, and the hashes of all.
lock: | $(PY)
	$(PIP) $$(grep '^uv==' requirements-dev.txt)
	$(LOCK) $(if $(UPGRADE),--upgrade) requirements.txt -o requirements.lock
	$(LOCK) $(if $(UPGRADE),--upgrade) requirements-dev.txt -c requirements.lock -o requirements-dev.lock

upgrades: $(VENV)/.dev
	$(PY) -m pip list --disable-pip-version-check --outdated

pythons: $(VENV)/.dev
	$(PY) -m tox run

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(PY):
	sh tools/venv.sh $(PYTHON) $(VENV)

# Each file that is installed has one of the hashes in the lock, or pip refuses it.
$(VENV)/.runtime: requirements.lock | $(PY)
	$(PIP) --require-hashes -r requirements.lock
	@touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.runtime
	$(PIP) --require-hashes -r requirements-dev.lock
	@touch $@
