# The gateway as a Node server. Build: docker build -t tentaculo-link .
# Pin the base image by its digest with --build-arg NODE_IMAGE=… (docs/operations.md, "In a container").
ARG NODE_IMAGE=node:24-slim
FROM ${NODE_IMAGE} AS build
WORKDIR /app
COPY package.json package-lock.json tsconfig.json ./
# The base image is the Node that runs the gateway; the one from npm is for machines without it.
RUN npm ci
COPY src ./src
COPY console ./console
COPY clients/typescript/src ./clients/typescript/src
COPY bin ./bin
COPY migrations ./migrations
COPY README.md CHANGELOG.md LICENSE ./
# The commit that /livez and the metrics name: --build-arg SOURCE_COMMIT="$(git rev-parse --short=12 HEAD)".
ARG SOURCE_COMMIT
# The image has what the package has: the bundle and the database's native part, without any source or other package.
RUN npm run pack -- /packed \
    && mkdir /image && tar -xzf /packed/*.tgz -C /image --strip-components=1 \
    && cd /image && npm ci --omit=dev

FROM ${NODE_IMAGE}
# VX11's compose files call curl inside the container for the health check.
RUN apt-get update && apt-get install -y --no-install-recommends curl && rm -rf /var/lib/apt/lists/*
WORKDIR /app
ENV NODE_ENV=production HOST=0.0.0.0 PORT=8000 VX11_DATA_DIR=/data
COPY --from=build /image ./
RUN ln -s /app/bin/tentaculo.mjs /usr/local/bin/tentaculo && install -d -m 0700 -o node -g node /data
USER node
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --retries=3 CMD ["curl", "-fsS", "http://localhost:8000/health"]
CMD ["tentaculo", "start"]
