# syntax=docker/dockerfile:1
FROM python:3.13-slim AS build
WORKDIR /src
COPY requirements/run.txt requirements/run.txt
RUN python -m venv /opt/scrm && /opt/scrm/bin/pip install --no-cache-dir --require-hashes -r requirements/run.txt
COPY pyproject.toml README.md LICENSE ./
COPY scrm_bot scrm_bot
# No second resolver and no unpinned build tool: the package is plain files.
RUN cp -r scrm_bot "$(/opt/scrm/bin/python -c 'import sysconfig; print(sysconfig.get_paths()["purelib"])')/" \
    && printf '#!/opt/scrm/bin/python\nfrom scrm_bot.cli import main\nmain()\n' > /opt/scrm/bin/scrm-bot \
    && chmod +x /opt/scrm/bin/scrm-bot

FROM python:3.13-slim
RUN useradd --system --uid 10001 --no-create-home scrm
COPY --from=build /opt/scrm /opt/scrm
ENV PATH=/opt/scrm/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 SCRM_HOST=0.0.0.0 SCRM_LOG=json
USER scrm
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=3s --start-period=5s \
    CMD ["python", "-c", "import os, urllib.request as u; u.urlopen(f'http://127.0.0.1:{os.environ.get(\"SCRM_PORT\", \"3000\")}/healthz', timeout=2)"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["scrm-bot"]
CMD ["run"]
