# allswell in a container: `docker build --tag allswell .` in a checkout. No other step is needed before.
# docs/how-to/deploy-on-kubernetes.md and docs/how-to/deploy-with-docker-compose.md use the image.

FROM node:24-slim AS build
# Seconds since 1970 of all files in the image. The same sources then give the same layers.
ARG SOURCE_DATE_EPOCH=0
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
COPY tools ./tools
RUN npm ci --ignore-scripts
COPY . .
RUN npm run build && npm pack --silent
# The files of the package, and beside them the locked versions of its dependencies.
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY tools ./tools
RUN npm ci --ignore-scripts --omit=dev \
    && rm -r tools package-lock.json .npmrc node_modules/.package-lock.json \
    && tar --extract --gzip --strip-components=1 --file="$(echo /build/allswell-*.tgz)" \
    && mkdir bin \
    && ln -s ../dist/cli/main.js bin/allswell \
    && find /app -exec touch --no-dereference --date="@$SOURCE_DATE_EPOCH" {} +

FROM node:24-slim
ARG VERSION=0.1.0
ARG REVISION=unknown
ARG SOURCE=unknown
LABEL org.opencontainers.image.title="allswell" \
      org.opencontainers.image.description="LLM gateway whose pods share health" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="$VERSION" \
      org.opencontainers.image.revision="$REVISION" \
      org.opencontainers.image.source="$SOURCE"
# `allswell status` in the container is the same program.
ENV NODE_ENV=production \
    PATH=/app/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
COPY --from=build /app /app
WORKDIR /app
# A number, so that Kubernetes can verify runAsNonRoot. allswell writes no file, unless fleet_health.state_dir is set.
USER 65532:65532
EXPOSE 4000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=15s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT || 4000}/health/liveliness`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "/app/dist/cli/main.js"]
CMD ["serve"]
