# A tag may be moved to other content, a digest cannot: `make image` asks the registry for the digest
# that the tag has, and builds from that. By hand: --build-arg BASE=python:TAG@sha256:DIGEST.
ARG BASE=python:3.11.15-slim-bookworm

# The build stage makes a wheel and a virtual environment, from hashed locks only.
FROM ${BASE} AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore
WORKDIR /build
RUN python -m venv --without-pip /opt/venv
COPY requirements.txt requirements-build.txt ./
RUN pip --python /opt/venv/bin/python install --no-deps --require-hashes -r requirements.txt \
 && pip install --no-deps --require-hashes -r requirements-build.txt
COPY pyproject.toml README.md LICENSE ./
COPY emulator/ emulator/
COPY scenarios/ scenarios/
RUN pip wheel --no-deps --no-build-isolation --no-index --wheel-dir dist . \
 && pip --python /opt/venv/bin/python install --no-deps --no-index dist/*.whl

FROM ${BASE}
ARG BASE
LABEL org.opencontainers.image.base.name=${BASE}
COPY --from=build /opt/venv /opt/venv
ENV PATH=/opt/venv/bin:$PATH
# A world file or an emulator.toml mounted here is found by its name.
WORKDIR /srv
USER 10001:10001
EXPOSE 4588
STOPSIGNAL SIGTERM
# The request avoids a proxy, which the surroundings may set for everything.
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s --retries=3 \
    CMD ["python", "-c", "from os import environ; from urllib import request; request.build_opener(request.ProxyHandler({})).open('http://127.0.0.1:' + (environ.get('EMULATOR_PORT') or '4588') + '/_emulator/health', timeout=2)"]
# Listens beyond the container, so /_emulator stays closed until EMULATOR_ADMIN_TOKEN is set.
ENTRYPOINT ["emulator"]
CMD ["serve", "--host", "0.0.0.0"]
