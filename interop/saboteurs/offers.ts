/** What a server offers beside the service: health and reflection. The description is that of proto/expirement.proto, by hand. */
import { decodeFields, encodeFields, type Field } from './message.ts';

/** What is answered to a request, bytes for bytes; undefined: nothing is known of that. */
export type Offer = (request: Buffer) => Buffer | undefined;

/** The offer of that path, if there is one. */
export function offer(path: string): Offer | undefined {
  return offers[path];
}

const offers: Readonly<Record<string, Offer>> = {
  '/grpc.health.v1.Health/Check': (request) =>
    ['', 'Manage'].includes(text(request, 1)) ? encodeFields([[1, serving]]) : undefined,
  '/grpc.reflection.v1.ServerReflection/ServerReflectionInfo': reflect,
};

const serving = 1;

function reflect(request: Buffer): Buffer | undefined {
  if (decodeFields(request).has(7)) return encodeFields([[6, message([1, message([1, 'Manage'])])]]);
  const isKnown = text(request, 4) === 'Manage' || text(request, 3) === 'expirement.proto';
  return isKnown ? encodeFields([[4, message([1, file])]]) : undefined;
}

function text(bytes: Buffer, number: number): string {
  const value = decodeFields(bytes).get(number);
  return Buffer.isBuffer(value) ? value.toString('utf8') : '';
}

function message(...fields: readonly Field[]): Buffer {
  return encodeFields(fields);
}

const [int32, string] = [5, 9];

/** `optional`, which in proto3 is what has no label. */
function field(name: string, number: number, type: number): Field {
  return [2, message([1, name], [3, number], [4, 1], [5, type])];
}

const pickOne = message([1, 'PickOne'], [2, '.NameRequest'], [3, '.Expirement']);

const file = message(
  [1, 'expirement.proto'],
  [4, message([1, 'Expirement'], field('name', 1, string), field('id', 2, int32), field('skill', 3, string))],
  [4, message([1, 'NameRequest'], field('name', 1, string))],
  [6, message([1, 'Manage'], [2, pickOne])],
  [12, 'proto3'],
);
