# An image of kmsspec, from the tarball that `npm pack` makes beside this file:
#
#   npm ci && npm pack
#   docker build --build-arg TARBALL=kmsspec-0.1.0.tgz --build-arg BASE=node:22-bookworm-slim@sha256:… -t kmsspec .
#   docker run --rm --read-only --user "$(id -u)" -v "$PWD:/work" kmsspec run MSG RPC --target HOST --allow-remote --json report.json
#
# BASE is the one thing to choose: name it with its digest, as a tag may be another image tomorrow.
ARG BASE=node:22-bookworm-slim
FROM ${BASE} AS install
ARG TARBALL=kmsspec-0.1.0.tgz
COPY ${TARBALL} /tmp/kmsspec.tgz
COPY --chmod=0755 docker-init.sh /opt/kmsspec/init
RUN npm install --prefix /opt/kmsspec --omit=dev --omit=peer --ignore-scripts --no-audit --no-fund /tmp/kmsspec.tgz

FROM ${BASE}
COPY --from=install /opt/kmsspec /opt/kmsspec
# Nothing but what is mounted on /work is written: the root file system may be read-only.
ENV NODE_ENV=production XDG_STATE_HOME=/tmp PATH=/opt/kmsspec/node_modules/.bin:$PATH
WORKDIR /work
USER 65532:65532
# SIGTERM and SIGINT go to kmsspec, which reports what was done; controls that it starts end before it does.
ENTRYPOINT ["/opt/kmsspec/init"]
CMD ["--help"]
