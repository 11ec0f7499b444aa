# Hjemmel as a static binary and nothing else. The data folder is the volume /data;
# the program runs as user 65532 and listens where the setting addr says.
#
#   docker build --build-arg VERSION=1.0.0 -t hjemmel .
#   docker run --rm hjemmel version

FROM golang:1.26 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
ARG VERSION=
RUN CGO_ENABLED=0 go build -trimpath -buildvcs=false -tags timetzdata -ldflags "-s -w -X main.version=$VERSION" -o /root-fs/hjemmel ./cmd/hjemmel \
 && mkdir -p /root-fs/data /root-fs/tmp /root-fs/etc/ssl/certs \
 && cp /etc/ssl/certs/ca-certificates.crt /root-fs/etc/ssl/certs/ \
 && chown 65532:65532 /root-fs/data && chmod 700 /root-fs/data && chmod 1777 /root-fs/tmp

FROM scratch
COPY --from=build /root-fs /
USER 65532:65532
# "Today" is the day in Denmark, whatever the machine's clock says.
ENV HJEMMEL_DATA=/data HOME=/tmp TZ=Europe/Copenhagen
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=6s --start-period=60s --retries=3 CMD ["/hjemmel", "health"]
ENTRYPOINT ["/hjemmel"]
CMD ["serve"]
