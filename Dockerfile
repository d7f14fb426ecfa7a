# The app for a team: `docker compose up --build` runs two of it behind nginx, see compose.yaml.
FROM python:3.11.14-slim-bookworm AS packages
WORKDIR /packages
COPY requirements.txt .
# What stands above "# checks and tests" is all that the app needs to run.
RUN python -m venv /venv \
    && sed '/^# checks and tests/,$d' requirements.txt > runtime.txt \
    && /venv/bin/pip install --no-cache-dir --disable-pip-version-check -r runtime.txt

FROM python:3.11.14-slim-bookworm
ENV PATH=/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    STREAMLIT_SERVER_ADDRESS=0.0.0.0 \
    STREAMLIT_SERVER_FILE_WATCHER_TYPE=none \
    STREAMLIT_SERVER_HEADLESS=true \
    STREAMLIT_SERVER_PORT=8501
RUN useradd --uid 10001 --create-home --shell /usr/sbin/nologin glidepath \
    && mkdir --mode 700 /kernels \
    && chown glidepath:glidepath /kernels
COPY --from=packages /venv /venv
WORKDIR /app
COPY LICENSE app.py ./
COPY .streamlit/config.toml .streamlit/config.toml
COPY pages pages
COPY data data
COPY core core
USER 10001
# Kernels are compiled once, here. A start copies them to where it may write, as the rest may be read-only; on another
# kind of processor than this image was made on they do not fit, and the start takes a minute longer.
RUN NUMBA_CACHE_DIR=/kernels python -m core warm-up
ENV NUMBA_CACHE_DIR=/tmp/kernels
EXPOSE 8501
HEALTHCHECK --interval=10s --timeout=3s --start-period=180s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as u; u.urlopen(f'http://127.0.0.1:{os.environ[\"STREAMLIT_SERVER_PORT\"]}/_stcore/health', timeout=2)"]
CMD ["sh", "-c", "cp -a /kernels /tmp/ && python -m core warm-up && exec streamlit run app.py"]
