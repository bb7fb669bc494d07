/** What stands for the placeholders of a program that is run once a call, or once a case. */
import { ScalarType } from '@bufbuild/protobuf';
import type { Method, Types } from '../messages/types.ts';
import { hostAndPort } from '../model/address.ts';
import type { Call } from '../model/call.ts';
import { type Values, valuesOfCall } from '../peers/stranger.ts';

/** Of one call; `name`: of the case that it is part of. */
export function valuesOf(call: Call, name: string, { methods }: Types): Values {
  return {
    ...emptyTexts(methods.get(call.types ?? call.method)),
    ...valuesOfCall({ ...call, metadata: [{ key: 'stitch-call-id', text: call.id }, ...call.metadata] }),
    ...valuesOfCase(call.address, name),
    'call-id': call.id,
  };
}

/** Of a case, all of whose calls go to that address. */
export function valuesOfCase(address: string, name: string): Values {
  return { ...whereTo(address), case: name, 'case:word': name.slice(name.indexOf('/') + 1) };
}

function whereTo(address: string): Values {
  const { host, port } = hostAndPort(address);
  return { address, host, port: String(port) };
}

/** Texts that are empty are not in a message's JSON, and are texts all the same. */
function emptyTexts(method: Method | undefined): Values {
  const texts = method?.request.fields.filter(({ scalar }) => scalar === ScalarType.STRING) ?? [];
  return Object.fromEntries(
    texts.flatMap(({ name }) => [
      [name, ''],
      [`${name}:json`, '""'],
    ]),
  );
}
