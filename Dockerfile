# The command in a container: slim, no root, every dependency pinned by digest. docs/container.md says how to run it.
FROM python:3.13-slim@sha256:7c61056e61ac89e852de05f3dc6fa51a6dd2181797bceed46aa725dd7cb2cd3b AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /src
COPY requirements.lock ./
RUN python -m venv /opt/openness-audit \
 && /opt/openness-audit/bin/pip install --require-hashes -r requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY audit audit
COPY rules rules
COPY schemas schemas
COPY reports reports
RUN /opt/openness-audit/bin/pip install --no-deps --no-build-isolation . \
 && /opt/openness-audit/bin/python -c "from openness_audit.warm import prepare; prepare()" \
 && /opt/openness-audit/bin/modelaudit --version

FROM python:3.13-slim@sha256:7c61056e61ac89e852de05f3dc6fa51a6dd2181797bceed46aa725dd7cb2cd3b
RUN groupadd --gid 10001 audit && useradd --uid 10001 --gid audit --create-home --shell /usr/sbin/nologin audit \
 && install -d -o audit -g audit /work /cache
COPY --from=build /opt/openness-audit /opt/openness-audit
ENV PATH=/opt/openness-audit/bin:$PATH PYTHONDONTWRITEBYTECODE=1 OPENNESS_AUDIT_CACHE=/cache
USER 10001:10001
WORKDIR /work
VOLUME ["/cache"]
ENTRYPOINT ["modelaudit"]
CMD ["--help"]
