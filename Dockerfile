# Three stages: the map's libraries, the wheel and its environment, and what runs.

FROM node:22-bookworm-slim AS front-end
WORKDIR /source
COPY package.json package-lock.json .npmrc ./
COPY scripts/front-end scripts/front-end
RUN sh scripts/front-end

FROM python:3.11-slim-bookworm AS build
ENV UV_PYTHON_DOWNLOADS=never PIP_DISABLE_PIP_VERSION_CHECK=1
RUN pip install --no-cache-dir uv
WORKDIR /source
COPY pyproject.toml requirements.lock README.md LICENSE ./
COPY app app
COPY matching matching
COPY geo geo
COPY migrations migrations
COPY examples examples
COPY --from=front-end /source/app/web/static/vendor app/web/static/vendor
# The lock serves as constraints: its versions and hashes, without the tools of development.
RUN uv build --wheel --out-dir /wheel \
 && python -m venv --without-pip /opt/entreflux \
 && uv pip install --no-cache --compile-bytecode --python /opt/entreflux/bin/python \
      --verify-hashes --constraint requirements.lock /wheel/*.whl

FROM python:3.11-slim-bookworm
# pg_dump and pg_restore, for `entreflux backup` and `restore` on PostGIS.
RUN apt-get update \
 && apt-get install -y --no-install-recommends postgresql-client-15 \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin entreflux \
 && install -d -o entreflux -g entreflux /data
COPY --from=build /opt/entreflux /opt/entreflux
ENV PATH=/opt/entreflux/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    LANG=C.UTF-8 \
    XDG_DATA_HOME=/data
USER entreflux
WORKDIR /data
VOLUME /data
EXPOSE 8000
# Nothing is written outside /data and /tmp, so the root file system may be read-only.
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
  CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/health/live', timeout=4)"]
ENTRYPOINT ["entreflux"]
# `serve` brings the database up to date first.
CMD ["serve", "--host", "0.0.0.0", "--port", "8000", "--logs", "json"]
