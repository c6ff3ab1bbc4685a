# The image is the checkout without the workshop: the same steps as `make setup LOCK=requirements.lock`.
FROM python:3.11-slim-bookworm AS build
ENV PIP_NO_CACHE_DIR=1 UV_NO_CACHE=1 UV_COMPILE_BYTECODE=1
WORKDIR /app
COPY requirements-uv.lock requirements.lock requirements-dev.lock ./
RUN python3 -m venv .venv \
    && .venv/bin/python -m pip install --quiet --require-hashes -r requirements-uv.lock \
    && .venv/bin/uv pip sync --quiet --require-hashes requirements.lock
COPY pyproject.toml ./
COPY api api
COPY geo geo
COPY web web
# the last step takes away what installed it and is not needed to run it
RUN .venv/bin/uv pip install --quiet --no-deps --build-constraints requirements-dev.lock -e . \
    && .venv/bin/uv pip uninstall --quiet pip setuptools uv

FROM python:3.11-slim-bookworm
# Debian keeps one version of a package at a time: a pinned one could no longer be had
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends fonts-morisawa-bizud-gothic \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 10001 --user-group --home-dir /app --shell /usr/sbin/nologin yoridokoro \
    && install --directory --owner=yoridokoro --group=yoridokoro /app/var
WORKDIR /app
COPY --from=build /app /app
COPY data data
ENV PATH=/app/.venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
USER 10001
# the default store lies here: sqlite:///var/yoridokoro.sqlite
VOLUME /app/var
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8000/healthz', timeout=3)"]
CMD ["yoridokoro", "serve", "--host", "0.0.0.0"]
