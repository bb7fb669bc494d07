/** What is known of the method that is called by hand. */

import { closest } from '../contract/closest.ts';
import { compileProtos, placesOf } from '../contract/compile.ts';
import { UsageError } from '../errors.ts';
import { type Method, methodNamed, readTypes, type Types } from '../messages/types.ts';
import type { ClientPem } from '../model/tls.ts';
import { reflect } from '../reflection/reflect.ts';
import { complain } from './complain.ts';
import type { Options } from './options.ts';
import { contractsOf } from './select.ts';
import { tlsOf } from './server-tls.ts';

export interface Known {
  readonly types: Types;
  readonly method: Method;
}

/**
 * The method, `package.Service/Method` with a slash in front or without: of `--proto`, of
 * `--contract`, or of the project's contracts; with `--reflect`, and where none of them has it
 * and none was named, of what the server at the address says. Rejects with a UsageError that lists
 * the methods there are.
 */
export async function methodCalled(
  word: string | undefined,
  address: string,
  options: Pick<Options, 'protos' | 'imports' | 'reflect' | 'contracts' | 'tlsWords'>,
): Promise<Known> {
  const { protos, imports, contracts, tlsWords } = options;
  const tls = tlsOf(tlsWords, { address });
  if (protos.length > 0) {
    const { roots, names } = placesOf(protos, imports);
    return found(word, readTypes(await compileProtos(roots, names)));
  }
  if (options.reflect === undefined) {
    const { types } = await contractsOf({ contracts, servers: [], tlsWords });
    if (contracts.length > 0 || methodNamed(types, word ?? '')) return found(word, types);
    return reflected(word, address, tls).catch((error: Error) => {
      throw new UsageError(`${missing(word, types)}\n${error.message}`);
    });
  }
  return reflected(word, address, tls);
}

async function reflected(
  word: string | undefined,
  address: string,
  tls: ClientPem | undefined,
): Promise<Known> {
  const { set, problems } = await reflect(address, tls);
  for (const problem of problems) complain(`the server does not describe ${problem}`);
  return found(word, readTypes(set));
}

function found(word: string | undefined, types: Types): Known {
  const method = methodNamed(types, word ?? '');
  if (method) return { types, method };
  throw new UsageError(missing(word, types));
}

function missing(word: string | undefined, { methods }: Types): string {
  const names = [...methods.keys()].map((path) => path.slice(1));
  if (word === undefined) return `call: no method was named; there are ${names.join(' ')}`;
  return `call: no method is named ${word}${closest(word, names) || `; there are ${names.join(' ')}`}`;
}
