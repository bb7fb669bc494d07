/** The steps from an empty folder to a peer of the matrix, each with the command that says whether it is done. */
export function readmeOf(name: string): string {
  const doctor = `    npm run interop -- doctor ${name}`;
  return `# ${name}

Not written yet. [Add a peer](../../docs/add-a-peer.md) explains each step, [the contract](../../docs/peer-contract.md) has the rules; replace this page by one about the peer when it is done. After each step:

${doctor}

1. **Start.** A program that serves gRPC, with nothing in it yet, on the host and port of its arguments, prints the line \`{"listening":{"port":PORT,"implementation":{…}}}\` and exits with code 0 at the end of its standard input. Put into \`peer.json\` how it is built and started, what tool chain it \`needs\`, and what library it uses (\`title\`); delete \`not-written-yet.sh\`. Green: build, announces its port, stops at the end of its input.
2. **Answer.** \`Manage/PickOne\` of [proto/expirement.proto](../../proto/expirement.proto) with the eight rows, NOT_FOUND \`expirement not found\` for every other name, and one \`served\` line a call on standard output, flushed before the answer. Lines on standard input are answered: \`flush\` by \`flushed\`, what is unknown by \`refused\`. Green: answers flush, replies on pick/stitch, NOT_FOUND, two calls in flight, unknown instruction.
3. **Behave.** Logs to standard error; health and reflection, with the library's own services where it has them; calls in flight are finished on SIGTERM; a taken port is exit code 1. Green: all that begins with "server".
4. **The client.** Add \`"client": { "args": ["client"], "features": [] }\` to \`peer.json\`: a \`ready\` line, then a call a line in and an \`ended\` line out, several at once. Green: all that begins with "client".
5. **Features**, one by one: claim one in \`peer.json\`; the doctor then plays the scenarios that it opens. Green: passes every scenario that it claims.
6. **Container.** Fill in the \`Dockerfile\` and name it in \`peer.json\`: \`"container": { "dockerfile": "Dockerfile" }\`. Green: the same, "in a container".
`;
}
