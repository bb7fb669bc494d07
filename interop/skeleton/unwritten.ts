/** The build command of a peer that nobody has written yet. */
export const unwrittenFile = 'not-written-yet.sh';

/** A script that fails, and says what to write first. */
export function unwritten(name: string): string {
  return `# Stands where the build of this peer will be. Delete it when "build" in peer.json is your own.
cat >&2 <<'END'
nothing is written yet. Write the server first: a program that, started with the "args" of
peers/${name}/peer.json, serves gRPC on the host and port it is told (port 0: any), prints the
line {"listening":{"port":PORT}} and exits with code 0 at the end of its standard input.
Then say in peer.json how it is built ("build"; [] when nothing is), what that makes
("outputs") and how it is started ("command").
END
exit 1
`;
}
