# Plimsoll's image: the static binary and nothing else. `make image` builds the binary first.
#
# There is no base image to trust, and none to take CA certificates from: the binary carries Mozilla's roots itself
# (golang.org/x/crypto/x509roots/fallback, pinned by go.sum like all its code) and uses them where a system has none, as here.
# Without git in it, files are found by walking the tree, and --since is refused.
#
#   docker run --rm --volume "$PWD:/repo:ro" plimsoll
FROM scratch
COPY bin/plimsoll /plimsoll
# A number, so that Kubernetes can see that it is not root.
USER 65532:65532
WORKDIR /repo
ENTRYPOINT ["/plimsoll"]
CMD ["lint"]
