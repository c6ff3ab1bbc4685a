# What a newcomer needs: make demo, make test. The rest is for those who stay.
# Needs GNU make, a POSIX shell and Python 3.11 or newer:  make PYTHON=python3.12 demo

PYTHON ?= python3
LOCK ?= requirements-dev.lock
CHROMIUM ?= /usr/bin/chromium
BROWSER_PACKAGES := chromium fonts-morisawa-bizud-gothic

# Offices often reach the internet through a proxy whose certificate only the system knows.
CERTIFICATES := $(wildcard /etc/ssl/certs/ca-certificates.crt)
ifneq ($(CERTIFICATES),)
export PIP_CERT ?= $(CERTIFICATES)
endif
export UV_SYSTEM_CERTS ?= true
export PIP_DISABLE_PIP_VERSION_CHECK := 1

# $(call debian,PACKAGES): install them where that is ours to do, else print the line that would.
debian = { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && apt-get -q update && \
	DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends $(1); } \
	|| { echo "missing; this brings it:  sudo apt-get install $(1)" >&2; false; }

.PHONY: setup demo test lint bench lock browser peers

## setup: everything from the locks into .venv; nothing to do is done at once
setup: .venv/installed-$(LOCK)
	@:

.venv/bin/pip:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "Python 3.11 or newer is needed. Name it:  make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip; ensurepip.version()' 2>/dev/null || { \
	  package=$$($(PYTHON) -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])'); \
	  $(call debian,$$package); }
	$(PYTHON) -m venv .venv

# The Dockerfile repeats these lines; tests/test_packaging.py holds the two together.
.venv/installed-$(LOCK): $(LOCK) requirements-uv.lock pyproject.toml | .venv/bin/pip
	@rm -f .venv/installed-*
	.venv/bin/python -m pip install --quiet --require-hashes -r requirements-uv.lock
	.venv/bin/uv pip sync --quiet --require-hashes $(LOCK)
	.venv/bin/uv pip install --quiet --no-deps --build-constraints requirements-dev.lock -e .
	@touch $@

## demo: the sample municipality at http://127.0.0.1:8000
demo: setup
	.venv/bin/yoridokoro demo

## test: everything, with a browser, file by file on every core; one alone: make test T=tests/test_packaging.py
test: setup browser
	.venv/bin/pytest $(or $(T),--numprocesses=auto --dist=loadfile)

## lint: form, types, the direction of imports, the Dockerfile
lint: setup
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/mypy
	.venv/bin/lint-imports
	.venv/bin/hadolint Dockerfile

## bench: ratios against peers and limits, into benchmarks/results.md
bench: setup peers
	.venv/bin/python -m benchmarks

## browser: the Chromium that the tests drive; where none can be had, its tests fail, and this says why
browser: setup
	@[ -x "$(CHROMIUM)" ] || { $(call debian,$(BROWSER_PACKAGES)); } 2>/dev/null \
	|| { [ "$$(id -u)" = 0 ] && .venv/bin/playwright install --with-deps chromium; } 2>/dev/null \
	|| .venv/bin/playwright install chromium 2>/dev/null \
	|| echo "No Chromium for the browser tests; this brings it:  sudo apt-get install $(BROWSER_PACKAGES)" >&2

# What we are measured against, apart from what we run: some of it wants other versions.
peers: .venv-peers/installed
	@:

.venv-peers/installed: benchmarks/peers.lock | setup
	@.venv/bin/uv venv --quiet --clear --python .venv/bin/python .venv-peers \
	&& .venv/bin/uv pip sync --quiet --python .venv-peers --require-hashes $< && touch $@ \
	|| echo "The peers could not be installed; their rows say so."

# No address of any index stands in a lock, so that it serves behind a mirror too. make lock UPGRADE=--upgrade moves on.
compile = .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-header $(UPGRADE)

## lock: the versions and hashes of all that is installed, from pyproject.toml and benchmarks/peers.in
lock: setup
	$(compile) --extra postgres --extra cluster pyproject.toml -o requirements.lock
	$(compile) --extra postgres --extra cluster --group dev -c requirements.lock pyproject.toml -o requirements-dev.lock
	echo uv | $(compile) --no-annotate -c requirements-dev.lock - -o requirements-uv.lock
	$(compile) benchmarks/peers.in -o benchmarks/peers.lock
