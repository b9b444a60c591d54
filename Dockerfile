# syntax=docker/dockerfile:1
# An exact version; with a digest it is exact to the byte: --build-arg PYTHON=3.13.9-slim-bookworm@sha256:…
ARG PYTHON=3.13.9-slim-bookworm

FROM python:${PYTHON} AS build
# `otel` for the bot with traces
ARG REQUIREMENTS=run
WORKDIR /src
COPY requirements/run.txt requirements/otel.txt requirements/build.txt requirements/
RUN python -m venv /opt/scrm \
    && /opt/scrm/bin/pip install --no-cache-dir --require-hashes -r "requirements/${REQUIREMENTS}.txt"
RUN python -m venv /opt/build && /opt/build/bin/pip install --no-cache-dir --require-hashes -r requirements/build.txt
COPY pyproject.toml README.md LICENSE manifest.yml ./
COPY scrm_bot scrm_bot
# The same wheel as anywhere else, made by pinned tools; --no-index: no second resolver.
RUN /opt/build/bin/python -m hatchling build --target wheel --directory /dist \
    && /opt/scrm/bin/pip install --no-cache-dir --no-index --no-deps /dist/*.whl \
    && /opt/scrm/bin/python -m compileall -q /opt/scrm/lib

FROM build AS demo-build
COPY requirements/demo.txt requirements/
RUN /opt/scrm/bin/pip install --no-cache-dir --require-hashes -r requirements/demo.txt

FROM python:${PYTHON} AS base
RUN groupadd --gid 10001 scrm && useradd --uid 10001 --gid scrm --no-create-home --shell /usr/sbin/nologin scrm
ENV PATH=/opt/scrm/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 SCRM_HOST=0.0.0.0 SCRM_LOG=json
USER 10001:10001
STOPSIGNAL SIGTERM
ENTRYPOINT ["scrm-bot"]

FROM base AS demo
COPY --from=demo-build /opt/scrm /opt/scrm
CMD ["demo"]

FROM base
COPY --from=build /opt/scrm /opt/scrm
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s \
    CMD ["python", "-c", "import os, urllib.request as u; e = os.environ.get; u.urlopen(f'http://127.0.0.1:{e(\"SCRM_METRICS_PORT\") or e(\"SCRM_PORT\") or 3000}/healthz', timeout=2)"]
CMD ["run"]
