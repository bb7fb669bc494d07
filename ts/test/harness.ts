// What the harness does to a peer: lines in, and lines out by what they tell.
import { EventEmitter, once } from 'node:events';
import protobuf from 'protobufjs';
import descriptor from 'protobufjs/ext/descriptor/index.js';
import { readLines } from '../src/peer/lines.ts';
import { type Program, start } from './program.ts';

// biome-ignore lint/suspicious/noExplicitAny: each test knows the line that it waits for.
type Line = any;

const source = `
  syntax = "proto3";
  package test;
  enum Colour { RED = 0; BLUE = 1; }
  message Note { string text = 1; int64 number = 2; Colour colour = 3; optional int32 zero = 4; bytes blob = 5; }
  service Notes {
    rpc Unary (Note) returns (Note);
    rpc Up (stream Note) returns (Note);
    rpc Down (Note) returns (stream Note);
    rpc Both (stream Note) returns (stream Note);
  }`;
const { root } = protobuf.parse(source, { keepCase: true });
const Note = root.resolveAll().lookupType('test.Note');

/** The types of a service with a method of each kind. */
const files = toBase64(descriptor.FileDescriptorSet.encode(root.toDescriptor('proto3')).finish());

/** A message of them, as lines carry it. */
export function note(members: object): string {
  return toBase64(Note.encode(Note.fromObject(members)).finish());
}

function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}

export interface Peer extends Program {
  readonly ready: Line;
  /** Writes a line as it is. */
  write(line: string): void;
  /** The next line of a kind ("served") that is not an answer to `ask`, and not of a `call`. */
  next(kind: string): Promise<Line>;
  /** The answer to an instruction. */
  ask(instruction: object): Promise<Line>;
  /** The end of a call, which has the id "c1", "c2" and so on, or of each one. */
  call(call: object): Promise<Line>;
}

/** A peer that knows the types. */
export async function startPeer(): Promise<Peer> {
  const program = start('peer');
  const lines = new EventEmitter();
  const kept = new Map<string, Line[]>();
  const next = async (kind: string) => {
    while (!kept.get(kind)?.length) await once(lines, kind);
    return kept.get(kind)?.shift();
  };
  readLines(program.child.stdout, (text) => {
    const [[kind, line] = ['', undefined]] = Object.entries<Line>(JSON.parse(text));
    if (lines.emit(`${kind} ${line.id}`, line)) return;
    kept.set(kind, [...(kept.get(kind) ?? []), line]);
    lines.emit(kind);
  }).catch(() => {});
  let count = 0;
  const write = (line: string) => program.child.stdin.write(`${line}\n`);
  const tell = async (kind: string, id: string, what: object) => {
    write(JSON.stringify({ id, ...what }));
    return (await once(lines, `${kind} ${id}`))[0];
  };
  const peer: Peer = {
    ...program,
    ready: await next('ready'),
    write,
    next,
    ask: (instruction) => tell('answer', `i${++count}`, instruction),
    call: (call) => tell('ended', `c${++count}`, { call }),
  };
  await peer.ask({ types: { files } });
  return peer;
}

/** A peer that is both: `serve` keeps a script by that name and `steps`, `invoke` calls it. */
export async function startPair(listen: object = {}, channel: object = {}) {
  const peer = await startPeer();
  const { port, refused } = await peer.ask({ listen: { host: '127.0.0.1', ...listen } });
  return {
    ...peer,
    port,
    refused,
    script: (name: string, ...steps: object[]) => peer.ask({ script: { name, steps } }),
    /** Calls a method of Notes, by the script named like it unless there is another. */
    invoke: (method: string, steps: object[], members: object = {}) =>
      peer.call({
        channel: { address: `127.0.0.1:${port}`, ...channel },
        method: `/test.Notes/${method}`,
        steps,
        ...members,
      }),
  };
}
