/** The build command of a peer that nobody has written yet. */
export const unwrittenFile = 'not-written-yet.sh';

/** A script that fails, and says what to write first. */
export function unwritten(name: string): string {
  return `# Stands where the build of this peer will be. Delete it when "build" in peer.json is your own.
cat >&2 <<'END'
nothing is written yet. Write the first lines: a program that prints {"ready":{}}, answers the line
{"id":"1","listen":{"host":"127.0.0.1"}} by {"answer":{"id":"1","port":PORT}} when it serves gRPC
at that port, and exits with code 0 at the end of its standard input. Then say in
peers/${name}/peer.json how it is built ("build"; [] when nothing is), what that makes
("outputs") and how it is started ("command").
END
exit 1
`;
}
