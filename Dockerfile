# One binary, built with the C compiler that SQLite needs, on a small base without root.
FROM golang:1.26.8-bookworm AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN CGO_ENABLED=1 go build -trimpath -ldflags='-s -w' -o /grupa ./server

FROM debian:bookworm-slim
# The time zone database of the distribution is kept up to date; the binary carries one for where there is none.
RUN apt-get update \
 && apt-get install -y --no-install-recommends ca-certificates tzdata curl \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 10001 --home-dir /var/lib/grupa --create-home grupa \
 && mkdir -m 0700 /var/lib/grupa/data /var/lib/grupa/keys /var/lib/grupa/help \
 && chown -R grupa:grupa /var/lib/grupa
COPY --from=build /grupa /usr/local/bin/grupa
USER grupa
WORKDIR /var/lib/grupa
# Data and key are two volumes on purpose: a copy of one must not be both. With GRUPA_DATABASE_URL the first stays empty.
VOLUME ["/var/lib/grupa/data", "/var/lib/grupa/keys", "/var/lib/grupa/help"]
ENV GRUPA_LISTEN=0.0.0.0:8080
EXPOSE 8080
# Whether it lives. Whether to send it requests is at /readyz, for the proxy to ask.
HEALTHCHECK --interval=30s --timeout=3s --start-period=10s CMD curl -fsS http://127.0.0.1:8080/healthz || exit 1
ENTRYPOINT ["grupa"]
CMD ["serve"]
