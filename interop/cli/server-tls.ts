/** How servers that run already are called over TLS, by the options: `--tls-ca ca.pem` for all of them, `--tls-ca mine=ca.pem` for one. */
import { readFileSync } from 'node:fs';
import { UsageError } from '../errors.ts';
import { hostAndPort } from '../model/address.ts';
import type { ClientPem } from '../model/tls.ts';
import { authoritiesIn, type Given, identityIn, systemAuthorities } from '../pki/given.ts';
import { type TlsOption, type TlsWords, tlsOptions } from './options.ts';

/** A server that runs already; without a name: the one that a command is about. */
export interface Target {
  readonly name?: string;
  /** `host:port` */
  readonly address: string;
}

/** What reads those that this machine trusts; a file of that name is `./system`. */
const system = 'system';

/** Throws a UsageError for a word that is for none of the targets. */
export function checkTlsNames(words: TlsWords, targets: readonly Target[]): void {
  const names = targets.flatMap(({ name }) => name ?? []);
  for (const option of tlsOptions)
    for (const word of words[option]) {
      if (targets.length === 0)
        throw new UsageError(
          `--${option} ${word}: there is no server that it would be for\n  hint: --server NAME=HOST:PORT names one that runs already`,
        );
      const { name } = split(word);
      if (name !== undefined && !names.includes(name))
        throw new UsageError(
          `--${option} ${word}: no server is named ${name}; there ${names.length > 0 ? `are ${names.join(' ')}` : 'is only the one that is called'}\n  hint: a file with that name is ./${word}`,
        );
    }
}

/** `mine=ca.pem` is for mine, `ca.pem` for whichever. */
export function isWordFor(word: string, name: string): boolean {
  const found = split(word);
  return found.name === undefined || found.name === name;
}

/** The word of a server: that with its name in front, or the one without any. */
function wordOf(words: TlsWords, option: TlsOption, target: Target): Split | undefined {
  const all = words[option].map(split);
  const own = all.filter(({ name }) => name !== undefined && name === target.name);
  const found = own.length > 0 ? own : all.filter(({ name }) => name === undefined);
  const [first, second] = found;
  if (first && second)
    throw new UsageError(
      `--${option} ${second.word}: --${option} ${first.word} was said already\n  hint: several servers are told apart by their names: --${option} NAME=${second.value}`,
    );
  return first;
}

interface Split {
  readonly word: string;
  readonly name?: string;
  readonly value: string;
}

function split(word: string): Split {
  const [, name, value] = /^([a-z][a-z0-9-]{0,30})=(.*)$/i.exec(word) ?? [];
  return name === undefined || value === undefined ? { word, value: word } : { word, name, value };
}

/** How that server is called; undefined: without encryption. Throws a UsageError that names the option and says what is wrong. */
export function tlsOf(words: TlsWords, target: Target): ClientPem | undefined {
  const found = tlsOptions.map((option) => [option, wordOf(words, option, target)] as const);
  const by = Object.fromEntries(found) as Record<TlsOption, Split | undefined>;
  const [first] = found.flatMap(([option, word]) => (word ? [`--${option} ${word.word}`] : []));
  if (first === undefined) return undefined;
  const [ca, cert, key, name] = tlsOptions.map((option) => by[option]);
  if (!ca)
    throw new UsageError(
      `${first}: which authority is to be trusted with ${target.name ?? target.address}?\n  hint: --tls-ca FILE, or --tls-ca system for those that this machine trusts`,
    );
  const trusted = `--tls-ca ${ca.word}`;
  return {
    ca: ca.value === system ? systemAuthorities(trusted) : authoritiesIn(given(trusted, ca)),
    ...identityOf(cert, key),
    serverName: nameOf(name) ?? hostAndPort(target.address).host,
  };
}

function identityOf(cert: Split | undefined, key: Split | undefined) {
  if (cert && key)
    return identityIn(given(`--tls-cert ${cert.word}`, cert), given(`--tls-key ${key.word}`, key));
  if (cert)
    throw new UsageError(
      `--tls-cert ${cert.word}: where is the key to it?\n  hint: --tls-key FILE; both may be in one file`,
    );
  if (key)
    throw new UsageError(
      `--tls-key ${key.word}: where is the certificate that it is the key to?\n  hint: --tls-cert FILE; both may be in one file`,
    );
  return {};
}

function nameOf(word: Split | undefined): string | undefined {
  if (!word) return undefined;
  if (/^(?:[a-z0-9_-]+(?:\.[a-z0-9_-]+)*|[0-9a-f:.]*:[0-9a-f:.]*)$/i.test(word.value)) return word.value;
  throw new UsageError(
    `--tls-name ${word.word}: wanted the name that the server's certificate is to have, as in shop.example.com`,
  );
}

function given(named: string, { value }: Split): Given {
  try {
    return { named, content: readFileSync(value) };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UsageError(
      `${named}: cannot be read: ${code}\n  hint: wanted a PEM file; its path is from the folder that the command runs in`,
    );
  }
}
