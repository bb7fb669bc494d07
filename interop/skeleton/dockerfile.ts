/** A Dockerfile of the right shape, with what is to be filled in. It is used once the manifest names it. */
export function dockerfileOf(name: string): string {
  return `# Built from the project's root:
#   docker build -f peers/${name}/Dockerfile -t stitch-${name} .
# Fill in what stands in CAPITALS, then name it in peer.json: "container": { "dockerfile": "Dockerfile", "test": "test" }
# No "# syntax=" line and no RUN <<EOF: older engines take neither.

# The tool chain, the locked packages, the sources. Packages first: they change seldom.
FROM IMAGE-WITH-THE-TOOL-CHAIN AS source
# The folders lie as they do in the project: ../../proto is where the build commands look for it.
WORKDIR /src/peers/${name}
COPY peers/${name}/PACKAGE-LIST ./
# Where packages are compiled, compile them here, or give the build below a cache: RUN --mount=type=cache,target=…
RUN INSTALL-THE-PACKAGES
COPY proto /src/proto
COPY peers/${name} ./

# The peer's own tests; delete it, and "test" in peer.json, when there are none.
FROM source AS test
RUN RUN-THE-TESTS

FROM source AS build
RUN BUILD-THE-PROGRAM

# As little as the program needs to run. The file system is read-only, and the user is not root.
FROM IMAGE-WITH-THE-RUNTIME
COPY --from=build /src/peers/${name}/build/peer /peer
USER 65532:65532
# The program itself, as a list: a shell in front of it would keep signals from it.
ENTRYPOINT ["/peer"]
`;
}
