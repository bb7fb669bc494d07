export const commandWords = [
  'run',
  'watch',
  'list',
  'serve',
  'call',
  'report',
  'saboteurs',
  'doctor',
  'versions',
  'new',
  'schema',
] as const;
export type CommandWord = (typeof commandWords)[number];

const query = `Query words select cells; different keys narrow, one key widens:
  client:PEER  server:PEER,PEER  scenario:unknown/*  contract:NAME  !client:PEER
  a bare word is a peer on either side, a scenario, its group or its last word
  is:failed,broken  cells that stood so in the run of --baseline; the words are
                    ok, failed, broken, known, flaky, unsupported and missing`;

const launcher = `  --launcher auto|container|process
                    auto: containers where a Docker engine answers, otherwise processes
  --images PLACE    where images of peers are pulled from, as ghcr.io/acme/stitch, when there is
                    one of the very same sources; --build pulls none
  --only PEER,PEER  these peers, and those named by --peer and --server, and no others
  --peer FILE       one more peer, by its peer.json anywhere; may be repeated
  --peer NAME@VERSION
                    a peer once more, built with that version of its library
  --server NAME=HOST:PORT
                    one more server, which runs already; may be repeated
  --tls-ca FILE     such servers are called over TLS, and trusted where their certificate
                    leads to one of FILE (PEM; system: those that this machine trusts)
  --tls-cert FILE --tls-key FILE
                    the client's own certificate, where they ask for one
  --tls-name NAME   the name that their certificate is to have; the address' otherwise.
                    Each of the four is for all of them, or for one: --tls-ca mine=FILE
  --contract FOLDER what is played, in place of the project's own contracts; may be repeated
  --contract reflect:HOST:PORT
                    each method of the server there once, by what it says of itself`;

/** What `--help` prints, for each command. */
export const help: Readonly<Record<CommandWord, string>> = {
  run: `npm run interop -- [QUERY…]            every client with every server, and what came of it
npm run interop -- watch [QUERY…]      a run, and again what a changed peer plays in
npm run interop -- list [QUERY…]       the plan; starts nothing
npm run interop -- serve PEER          one server, by hand
npm run interop -- call PEER ADDRESS METHOD JSON…
                                       one call of one client, by hand; --record makes a case of it
npm run interop -- report run.jsonl    a log again, into any output
npm run interop -- saboteurs           who is caught by what, among peers that lie
npm run interop -- doctor [PEER]       the contract against one peer, as a checklist; without
                                       a name, what this machine has
npm run interop -- versions [PEER…]    releases of each library, with today's of the others
npm run interop -- new LANGUAGE        the folder of a new peer
npm run interop -- new contract FOLDER the folder of a new contract, which runs as it is
npm run interop -- schema FOLDER       a contract's schema for editors, made again
npm run interop -- COMMAND --help      more about each

${query}

Options
${launcher}
  --repeat N        every cell N times: what passes in some rounds only is flaky
  --shard 2/8       the second of eight parts, which take as long as each other by the
                    baseline or the last run here; report makes one run of their logs
  --evidence        draws the conversation of every cell: each frame, and the one that proves it
  --baseline FILE   tells what is not as it was in the run of that log: cells that newly
                    fail or pass, and pairings that became slower. It may be the
                    last run's own log
  --fail-on any|regressions|every-round
                    regressions: exit code 1 only for what passed in the baseline and
                    does not any more, and for a run that did not finish; every-round:
                    what is flaky is told, and only what passed in no round counts
  --no-wire         nobody reads along between clients and servers
  --tls             encrypts every connection; what is expected stays the same
  --live            serves the results page on this machine while the run goes on;
                    --port N chooses its port
  --json            one JSON document on standard output instead of the matrix
  --junit FILE      JUnit XML, a suite a pairing
  --markdown FILE   a page in GitHub's Markdown; in a workflow on GitHub the step's
                    summary gets it by itself, and failures are annotated
  --html FILE       the results page, one file with the log in it (report.html in FOLDER)
  --out FOLDER      where run.jsonl goes, and report.html (interop/out)

Exit code: 0 healthy, or good enough by --fail-on; 1 something
failed, broke or did not run; 2 it could not run.`,
  watch: `npm run interop -- watch [QUERY…] [--port N] [options of a run]

Runs, and serves the results page on this machine. When a peer's folder changes, or
its peer.json, the cells in which it plays are run again; when proto/ changes, all
are. A change during a run stops it, and what had no result is run as well. Builds
are not done twice for what they leave in the folder. Ctrl-C ends it, with the exit
code of the last run.

${query}

${launcher}`,
  list: `npm run interop -- list [QUERY…] [--only PEERS] [--shard 2/8] [--baseline FILE]
                               [--json]

Prints the cells that a run with the same words would have, what is unsupported
and what the ledger knows. Starts nothing.

${query}`,
  serve: `npm run interop -- serve PEER [--port 6000] [--tls-ca-out FILE] [--launcher …]

Builds and starts one server as a run would, prints its address, then each call
that it says it served. For a debugger or another program on the other end.
Ctrl-C ends it. Port 0 lets the system choose. With --tls-ca-out it serves over TLS, with
a certificate of this process for localhost and this machine's addresses, and writes the
authority that a client is to trust to FILE.

${launcher}`,
  call: `npm run interop -- call PEER ADDRESS METHOD [JSON…] [--contract FOLDER] [--evidence]
                               [--record FILE] [--metadata 'KEY: VALUE'] [--json]

Builds and starts one client as a run would, has it call METHOD (package.Service/Method)
at ADDRESS (host:port, as it is from this machine), and prints the responses, one JSON a
line, as they cross the wire. How the call ended is told on standard error. Exit code 1
when the status was not OK.

A request is ProtoJSON: the words JSON, or the lines of standard input, for a method that
takes a stream, and for the word "-". Between them may stand receive, wait 200ms and close.
The call begins when the input ends.

  --proto FILE      what describes the method, in place of a contract; with --import FOLDER
  --tls-ca FILE     the server is called over TLS, as in a run; and --tls-cert, --tls-key, --tls-name
  --reflect         what describes it is the server itself, by its reflection; so it is where
                    nothing else is named and the project's contracts do not have it
  --evidence        draws each frame that crossed
  --record FILE     adds what crossed to a file of cases, as a case
  --no-wire         nobody reads along: the client is given ADDRESS itself. In a container,
                    127.0.0.1 is then the container

${launcher}`,
  report: `npm run interop -- report FILE… [QUERY…] [--evidence] [--json] [--junit FILE]
                                 [--markdown FILE] [--html FILE] [--baseline FILE]
                                 [--fail-on any|regressions|every-round]

Reads the log of a run (interop/out/run.jsonl) and reports it as the run did, with
the same exit code. A log that was cut off is reported as far as it goes. With
--evidence, draws the conversations of the cells that the query words select; is:
asks how they stand in FILE itself. With --baseline, tells what is not as it was
in the run of that log.

Logs of shards (part-*.jsonl) are folded into one run, which leaves its log and page in
--out FOLDER as a run does; a shard that is not there is a hole, and never green.`,
  saboteurs: `npm run interop -- saboteurs [NAME…] [--json]

Plays peers that lie, all of them or those named (* stands for anything), with an
honest one, and prints for each the scenario that caught it (and how many more),
the witnesses that told, and who was blamed; and who is odd and allowed, green
everywhere. Exit code 1 when one is not caught, or blamed on another side, or a
scenario catches nobody. It takes some two minutes.`,
  doctor: `npm run interop -- doctor [PEER] [--launcher auto|container|process] [--json]

Holds one peer against the contract, stage by stage, from its manifest to every
scenario that it claims, and says of each what is wrong and what to do. PEER is a
name, a name with another version of its library (alpha@1.60.0), or the path of a
peer.json. Its partner is the harness itself: no other peer is needed. auto examines it as a process where
its tool chain is there, and in a container where a Docker engine answers; both
where both are. What needs something that failed is not tried, and never green.

Without a name it looks at this machine: Node, Docker, each peer's tool chain, disk,
memory, ports.

Exit code: 0 nothing is wrong; 1 something is; 2 there is no such peer.`,
  versions: `npm run interop -- versions [PEER…] [--only PEERS] [--markdown FILE] [--launcher …]

Builds the releases that the manifests name ("version": { "releases": […] }), of all
libraries or of these, and plays each, as client and as server, with what this tree has
of the others: names, statuses, metadata, one stream. Writes docs/compatibility.md, or
FILE: a table for each library, and what differs from today's release of it. The ledger
is about today's releases; what fails with both counts as alike. The page and the log
are those of a run.

Exit code: 0 the page is written; 1 a release was not built, or the run was stopped.

${launcher}`,
  new: `npm run interop -- new LANGUAGE
npm run interop -- new contract FOLDER --proto FILE… [--import FOLDER…]
npm run interop -- new contract FOLDER --reflect HOST:PORT [--tls-ca FILE]

Makes peers/LANGUAGE/ with a manifest, a Dockerfile to be filled in and a README
with the steps, and says what to do next. Overwrites nothing. LANGUAGE is the peer's
name: lower-case letters, digits and hyphens.

With "contract", makes FOLDER, a contract: contract.yaml, copies of the .proto files
with all that they import (looked for in their own folders, or in those of --import),
or what the server at HOST:PORT says of itself by its reflection; a file of cases for
each method, with a first case; and a schema with which an editor completes them.
It runs as it is: npm run interop -- --contract FOLDER.`,
  schema: `npm run interop -- schema FOLDER

Writes cases.schema.json into the folder of a contract, made of its .proto: with it,
an editor completes methods, fields, enum values and status codes in files of cases
that name it in their first line, as those of "new contract" do:
  # yaml-language-server: $schema=../cases.schema.json`,
};
