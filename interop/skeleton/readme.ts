/** The steps from an empty folder to a peer of the matrix, each with the command that says whether it is done. */
export function readmeOf(name: string): string {
  const doctor = `    npm run interop -- doctor ${name}`;
  return `# ${name}

Not written yet. [Add a peer](../../docs/add-a-peer.md) explains each step, [the contract](../../docs/peer-contract.md) has the rules; replace this page by one about the peer when it is done. After each step:

${doctor}

1. **Start.** A program that prints the line \`{"ready":{…}}\`, answers the instruction \`listen\` with the port at which it serves gRPC, with nothing in it yet, and exits with code 0 at the end of its standard input. Put into \`peer.json\` how it is built and started, what tool chain it \`needs\`, and what library it uses (\`title\`); delete \`not-written-yet.sh\`. Green: build, server listens, server stops at the end of its input.
2. **Answer.** \`Manage/PickOne\` of [proto/expirement.proto](../../proto/expirement.proto) with the eight rows, NOT_FOUND \`expirement not found\` for every other name, and one \`served\` line a call, flushed before the answer. Each instruction is answered: \`flush\`, and with \`refused\` what is unknown. Green: answers flush, replies on pick/stitch, NOT_FOUND, tells of a call at once, two calls in flight, refuses what it does not know.
3. **Behave.** Logs to standard error; calls in flight are finished on SIGTERM; a port that is taken is refused. Green: all that begins with "server".
4. **The client.** Add \`"client": { "features": [] }\` to \`peer.json\`: the same program takes \`call\` lines, and ends each by an \`ended\` line, several at once. Green: all that begins with "client".
5. **Any service.** \`types\` and \`script\`: the server's feature \`scripts\`, the client's \`any-service\`; then the streams, one kind after another (\`server-streams\`, \`client-streams\`, \`bidi-streams\`). Green: passes every scenario that it claims.
6. **Features**, one by one: claim one in \`peer.json\`; the doctor then plays the scenarios that it opens. Green: the same.
7. **Container.** Fill in the \`Dockerfile\` and name it in \`peer.json\`: \`"container": { "dockerfile": "Dockerfile" }\`. Green: the same, "in a container".
`;
}
