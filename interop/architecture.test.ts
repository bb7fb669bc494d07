/** What no type says of the engine's sources: who may know whom, and that no peer is special. */
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { rootFolder } from './folders.ts';
import { findPeers } from './peers/find.ts';

const interop = path.join(rootFolder, 'interop');

/**
 * What each part may import, beside its own files: a part, or one file of a part
 * when the rest of it is none of its business, or a package. A part is a folder or
 * a file of interop/. What nobody needs any more is taken out.
 */
const allowed: Readonly<Record<string, readonly string[]>> = {
  // What everybody may know.
  model: [],
  errors: [],
  folders: ['node:fs', 'node:os', 'node:path', 'node:url'],

  // Pure: what goes in decides what comes out.
  plan: ['errors', 'model', 'outcome/matrix.ts', 'peers/stranger.ts'],
  witness: ['model'],
  judge: ['model', 'witness'],
  outcome: ['model'],
  messages: [
    '@bufbuild/protobuf',
    '@bufbuild/protobuf/reflect',
    '@bufbuild/protobuf/wire',
    '@bufbuild/protobuf/wkt',
    'model',
  ],

  // The world outside.
  pki: ['@peculiar/x509', 'errors', 'model', 'node:crypto', 'node:os', 'node:tls', 'reflect-metadata'],
  // Connections of the harness's own.
  dial: ['launch/patience.ts', 'model', 'node:events', 'node:http2', 'node:net', 'node:tls'],
  contract: [
    '@bufbuild/protobuf',
    '@bufbuild/protobuf/wkt',
    'errors',
    'execa',
    'folders',
    'messages',
    'model',
    'node:crypto',
    'node:fs',
    'node:fs/promises',
    'node:module',
    'node:os',
    'node:path',
    'node:url',
    'reflection',
    'witness/match.ts',
    'witness/messages.ts',
    'witness/rule.ts',
    'yaml',
  ],
  // A server's own description, before anything is started.
  reflection: [
    '@bufbuild/protobuf',
    '@bufbuild/protobuf/wire',
    '@bufbuild/protobuf/wkt',
    'dial',
    'errors',
    'model',
    'node:http2',
  ],
  peers: ['ajv', 'errors', 'folders', 'model', 'node:fs', 'node:fs/promises', 'node:path'],
  session: [
    '@bufbuild/protobuf',
    'dial',
    'launch/launcher.ts',
    'launch/patience.ts',
    'launch/peer-error.ts',
    'launch/program.ts',
    'launch/within.ts',
    'messages',
    'model',
    'node:events',
    'node:http2',
    'node:stream',
    'node:string_decoder',
    'node:timers/promises',
    'peers/stranger.ts',
  ],
  wire: [
    'launch/launcher.ts',
    'launch/patience.ts',
    'messages',
    'model',
    'node:crypto',
    'node:fs/promises',
    'node:net',
    'node:timers/promises',
    'node:zlib',
  ],
  launch: [
    'dockerode',
    'errors',
    'execa',
    'folders',
    'messages/types.ts',
    'model',
    'node:child_process',
    'node:crypto',
    'node:events',
    'node:fs',
    'node:fs/promises',
    'node:net',
    'node:os',
    'node:path',
    'node:readline',
    'node:stream',
    'node:timers/promises',
    'node:url',
    'peers/stranger.ts',
    'pki/identities.ts',
    'session',
    'testcontainers',
  ],

  // Whether something changed: what, it does not say.
  watch: [
    'errors',
    'folders',
    'launch/digest.ts',
    'model',
    'node:events',
    'node:fs',
    'node:fs/promises',
    'node:path',
    'node:timers/promises',
    'peers/find.ts',
  ],

  // Interfaces only: no file, no colour, no reporter, no way to launch.
  run: [
    'judge',
    'launch/launcher.ts',
    'launch/peer-error.ts',
    'launch/within.ts',
    'model',
    'node:os',
    'node:timers/promises',
    'outcome/latency.ts',
    'peers/stranger.ts',
    'plan/plan.ts',
  ],

  // Events in, bytes out.
  report: [
    'errors',
    'log-update',
    'model',
    'node:events',
    'node:fs',
    'node:fs/promises',
    'node:http',
    'node:net',
    'node:path',
    'node:util',
    'node:zlib',
    'outcome',
    'plan/query.ts',
    'witness',
  ],

  // The results page, which runs in a browser: what it shares with the others is pure.
  page: [
    '@preact/signals',
    '@tanstack/virtual-core',
    'chart.js',
    'model',
    'outcome',
    'plan/query.ts',
    'preact',
    'preact/hooks',
    'report',
    'witness',
  ],

  // Where all of it is put together.
  cli: [
    'contract',
    'dial',
    'errors',
    'execa',
    'folders',
    'launch',
    'messages',
    'model',
    'node:crypto',
    'node:events',
    'node:fs',
    'node:fs/promises',
    'node:path',
    'node:readline',
    'node:util',
    'outcome',
    'peers',
    'pki/given.ts',
    'plan',
    'reflection',
    'report',
    'rolldown',
    'run',
    'watch',
    'wire/launcher.ts',
    'wire/passage.ts',
    'witness',
  ],
  // A command beside the engine is loaded when it is asked for.
  unpack: ['folders', 'node:fs', 'node:path'],
  main: [
    'cli',
    'doctor',
    'errors',
    'folders',
    'launch/peer-error.ts',
    'messages/base64.ts',
    'saboteurs',
    'skeleton',
    'unpack.ts',
  ],
};

/** Programs beside the engine: they may know all of it, and none of it knows them but for the table of commands. */
const beside = ['bench', 'browser', 'checks', 'doctor', 'fuzz', 'pack', 'saboteurs', 'skeleton'];

interface Source {
  /** `run/lanes.ts` */
  readonly file: string;
  readonly part: string;
  readonly text: string;
}

function sources(): readonly Source[] {
  const files = globSync(['**/*.ts', '**/*.tsx', '**/*.mjs'], { cwd: interop }).map((file) =>
    file.replaceAll(path.sep, '/'),
  );
  return files
    .filter((file) => !file.startsWith('out/'))
    .toSorted()
    .map((file) => ({ file, part: partOf(file), text: readFileSync(path.join(interop, file), 'utf8') }));
}

function partOf(file: string): string {
  return file.split('/')[0]?.replace(/\.tsx?$/, '') ?? '';
}

const all = sources();
const engine = all.filter(({ file }) => /(?<!\.test|\.d)\.tsx?$/.test(file) && !file.startsWith('fixtures/'));

interface Import {
  readonly from: string;
  readonly isTypeOnly: boolean;
}

/** Every import of a source: with names, for its effects, at run time, and what is exported again. */
function importsOf(text: string): readonly Import[] {
  const statements = text.matchAll(
    /^(?:import|export)\s+(type\s)?(?:[^'";]*?\sfrom\s+)?'([^']+)'|\bimport\(\s*'([^']+)'/gm,
  );
  return [...statements].map(([, type, from = '', atRunTime]) => ({
    from: atRunTime ?? from,
    isTypeOnly: type !== undefined,
  }));
}

/** The imported file within interop/, or undefined when it is a package. */
function targetOf(source: Source, { from }: Import): string | undefined {
  return from.startsWith('.') ? path.posix.join(path.posix.dirname(source.file), from) : undefined;
}

/** What the import is called in the table: the longest entry that names it. */
function entryFor(source: Source, found: Import): string | undefined {
  const target = targetOf(source, found);
  if (target === undefined) return found.from;
  if (partOf(target) === source.part) return undefined;
  return allowed[source.part]?.includes(target) ? target : partOf(target);
}

describe('imports', () => {
  it('are found, however they are written', () => {
    const text = [
      "import { a } from './a.ts';",
      "import type { b } from './b.ts';",
      'import {',
      '  c,',
      '  type d,',
      "} from './c.ts';",
      "import './e.ts';",
      "export * from './f.ts';",
      "export type { g } from './g.ts';",
      "  const { h } = await import('./h.ts');",
      "// says 'from here' and imports nothing",
    ].join('\n');
    expect(importsOf(text).map((each) => `${each.isTypeOnly ? 'type ' : ''}${each.from}`)).toEqual([
      './a.ts',
      'type ./b.ts',
      './c.ts',
      './e.ts',
      './f.ts',
      'type ./g.ts',
      './h.ts',
    ]);
    expect(engine.length).toBeGreaterThan(60);
    expect(engine.flatMap((source) => importsOf(source.text)).length).toBeGreaterThan(250);
  });

  it('lead to files that are there', () => {
    const files = new Set(all.map((source) => source.file));
    const dangling = engine.flatMap((source) =>
      importsOf(source.text)
        .map((each) => targetOf(source, each))
        .filter((target) => target !== undefined && !files.has(target) && !target.startsWith('../'))
        .map((target) => `${source.file} imports ${target}`),
    );
    expect(dangling).toEqual([]);
  });

  it('stay within the table', () => {
    const strays = engine
      .filter((source) => !beside.includes(source.part))
      .flatMap((source) => {
        const row = allowed[source.part];
        if (!row) return [`${source.file}: ${source.part} is not in the table`];
        return importsOf(source.text)
          .filter((each) => {
            const entry = entryFor(source, each);
            return entry !== undefined && !row.includes(entry);
          })
          .map((each) => `${source.file} may not import ${targetOf(source, each) ?? each.from}`);
      });
    expect(strays).toEqual([]);
  });

  it('are all that the table allows', () => {
    const unused = Object.entries(allowed).flatMap(([part, row]) => {
      const used = new Set(
        engine
          .filter((source) => source.part === part)
          .flatMap((source) => importsOf(source.text).map((each) => entryFor(source, each))),
      );
      return row.filter((entry) => !used.has(entry)).map((entry) => `${part} needs no ${entry}`);
    });
    expect(unused).toEqual([]);
  });

  it('of the session are made by the launchers only, of a launcher by nobody but those who choose one', () => {
    const knowing = (what: (target: string) => boolean) => [
      ...new Set(
        engine
          .filter((source) => !beside.includes(source.part))
          .filter((source) =>
            importsOf(source.text).some((each) => {
              const target = targetOf(source, each);
              return target !== undefined && partOf(target) !== source.part && what(target);
            }),
          )
          .map((source) => source.part),
      ),
    ];
    expect(knowing((target) => partOf(target) === 'session')).toEqual(['launch']);
    expect(knowing((target) => /^launch\/(process|container|programs|memory)\.ts$/.test(target))).toEqual([]);
    expect(knowing((target) => beside.includes(partOf(target)))).toEqual(['main']);
    expect(knowing((target) => partOf(target) === 'fixtures' || target.endsWith('.test.ts'))).toEqual([]);
  });

  it('of the browser are made by its tests, and by the bench', () => {
    const driving = all.filter((source) =>
      importsOf(source.text).some(({ from }) =>
        ['playwright-core', 'pixelmatch', 'pngjs', 'axe-core'].includes(from),
      ),
    );
    expect([...new Set(driving.map(({ part }) => part))]).toEqual(['bench', 'browser']);
    const knowing = engine.filter((source) =>
      importsOf(source.text).some((each) => partOf(targetOf(source, each) ?? '') === 'browser'),
    );
    expect(knowing.filter(({ part }) => part !== 'browser').map(({ file }) => file)).toEqual([
      'bench/page.ts',
    ]);
  });

  it('go round in no circle', () => {
    const edges = new Map(
      engine.map((source) => [
        source.file,
        importsOf(source.text).flatMap((each) => (each.isTypeOnly ? [] : (targetOf(source, each) ?? []))),
      ]),
    );
    const done = new Set<string>();
    const circles: string[] = [];
    function walk(file: string, trail: readonly string[]): void {
      if (trail.includes(file)) circles.push([...trail.slice(trail.indexOf(file)), file].join(' → '));
      if (trail.includes(file) || done.has(file)) return;
      for (const next of edges.get(file) ?? []) walk(next, [...trail, file]);
      done.add(file);
    }
    for (const file of edges.keys()) walk(file, []);
    expect(circles).toEqual([]);
  });
});

/**
 * Patterns for a name that should not occur. A long one, or one with a hyphen, is
 * looked for everywhere. One of up to three letters may be a word of English or
 * the end of a file's name, and counts only where it stands as a name: quoted, in
 * a query, in a path, before a role, behind a command, or with its capital letter
 * in the middle of a sentence.
 */
function patternsFor(name: string): readonly RegExp[] {
  const word = name.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  if (name.length > 3) return [new RegExp(`(?<![\\w-])${word}(?![\\w-])`, 'gi')];
  const low = word.toLowerCase();
  const capital = `${low.charAt(0).toUpperCase()}${low.slice(1)}`;
  return [
    new RegExp(`(['"\`])${low}\\1`, 'gi'),
    new RegExp(`(?:client|server|only|peer)[:=]${low}\\b`, 'gi'),
    new RegExp(`[\\w*]+,${low}\\b|\\b${low},[a-z]`, 'g'),
    new RegExp(`(?<![\\w.])${low}/\\w|\\b(?:peers)/${low}\\b|/${low}/`, 'g'),
    new RegExp(`(?<![\\w.*])${low} (?:server|client|peer)s?\\b`, 'gi'),
    new RegExp(`\\b(?:serve|call|--only) ${low}\\b`, 'g'),
    new RegExp(`(?<=[\\w,;:] )${capital}\\b`, 'g'),
  ];
}

/** Where the names occur, as `file:line: what`. Where something is imported from is no text. */
function mentions(sources: readonly Pick<Source, 'file' | 'text'>[], names: readonly string[]) {
  const patterns = names.flatMap(patternsFor);
  return sources.flatMap(({ file, text }) =>
    text.split('\n').flatMap((line, index) => {
      const said = line.replace(/(from|import\() ?'[^']*'/, '$1');
      const found = patterns.flatMap((pattern) => said.match(pattern) ?? []);
      return found.map((what) => `${file}:${index + 1}: ${what}`);
    }),
  );
}

describe('no peer is special', () => {
  const found = (text: string, ...names: readonly string[]) =>
    mentions([{ file: 'a.ts', text }], names).map((line) => line.replace('a.ts:1: ', ''));

  it.each([
    ["if (peer.name === 'do') retry();", "'do'"],
    ['/** `do` has no such thing. */', '`do`'],
    [' * `client:do` selects', 'client:do'],
    [' * server:cobol,do', 'cobol,do'],
    ['const folder = `peers/do`;', 'peers/do'],
    [' * `do/beta/pick/stitch`', 'do/b'],
    ['// printed by the do server', 'do server'],
    ['hint: npm run interop -- serve do', 'serve do'],
    ['// a server in Do needs more', 'Do'],
    ['// Cobol rounds up', 'Cobol'],
    ['const isCobol = /cobol/.test(name);', 'cobol'],
    ['// as grpc-cobol does', 'grpc-cobol'],
  ])('%s', (line, what) => {
    expect(found(line, 'do', 'cobol', 'grpc-cobol')).toContain(what);
  });

  it.each([
    '// do what they do, and do it again',
    "import { run } from './do.ts';",
    "globSync('**/*.do')",
    "new URL('main.do', import.meta.url)",
    "{ readonly do: 'calls' }",
    "step.do === 'close'",
    'document, undo, dot',
    '// Do it now.',
  ])('but this is none: %s', (line) => {
    expect(found(line, 'do', 'cobol', 'grpc-cobol')).toEqual([]);
  });

  it('no name or language of a peer, and no gRPC library, is in the sources', async () => {
    const peers = await findPeers();
    const names = peers.flatMap(({ name, title }) => [name, ...title.split(/[\s,]+/)]);
    // What the project is about is no name of a peer, though a library may have no other.
    const unique = [...new Set(names.map((each) => each.replace(/^.*\//, '').toLowerCase()))].filter(
      (each) => each !== '' && each !== 'grpc',
    );
    expect(unique.length).toBeGreaterThanOrEqual(peers.length);
    expect(mentions(all, unique)).toEqual([]);
  });
});

describe('no service is special', () => {
  it('the engine names none of the service that everything began with', () => {
    const names = /\b(?:Manage|PickOne|Expirement|NameRequest|expirement)\b/g;
    const naming = engine
      .filter(({ part }) => !beside.includes(part))
      .flatMap(({ file, text }) => Array.from(text.matchAll(names), ([name]) => `${file}: ${name}`));
    expect(naming).toEqual([]);
  });

  it('a contract knows what makes scenarios, and itself', () => {
    const contracts = path.join(rootFolder, 'contracts');
    const files = globSync('**/*.ts', { cwd: contracts }).map((file) => file.replaceAll(path.sep, '/'));
    expect(files.length).toBeGreaterThan(10);
    const strays = files.flatMap((file) => {
      const text = readFileSync(path.join(contracts, file), 'utf8');
      const targets = importsOf(text).map(({ from }) => path.posix.join(path.posix.dirname(file), from));
      const own = `${file.split('/')[0]}/`;
      return targets
        .filter((target) => !target.startsWith(own) && !/^\.\.\/interop\/(?:contract|model)\//.test(target))
        .map((target) => `${file} imports ${target}`);
    });
    expect(strays).toEqual([]);
  });
});

describe('the page', () => {
  const page = all.filter(({ part, file }) => part === 'page' && !file.endsWith('.test.ts'));

  it('puts what peers said where only text can be', () => {
    const sinks =
      /innerHTML|outerHTML|insertAdjacentHTML|dangerouslySetInnerHTML|document\.write|\beval\(|new Function|srcdoc/;
    expect(page.length).toBeGreaterThan(20);
    expect(page.filter(({ text }) => sinks.test(text)).map(({ file }) => file)).toEqual([]);
  });

  it('imports of the reports what needs no platform', () => {
    const reachable = new Set<string>();
    function walk(file: string): void {
      if (reachable.has(file)) return;
      reachable.add(file);
      const source = all.find((each) => each.file === file);
      for (const each of source ? importsOf(source.text) : []) {
        const target = source && targetOf(source, each);
        if (target === undefined) reachable.add(each.from);
        else walk(target);
      }
    }
    for (const { file } of page) walk(file);
    expect([...reachable].filter((name) => name.startsWith('node:'))).toEqual([]);
    expect(reachable).toContain('report/verdict.ts');
  });
});

describe('style', () => {
  const code = all.map(({ file, text }) => ({
    file,
    text: text.replaceAll(/\/\*.*?\*\/|^\s*\/\/.*$/gms, ''),
  }));

  it.each([
    ['default exports', /^\s*export default\b|\bas default\b/m],
    ['enums', /^\s*(?:export )?(?:declare )?(?:const )?enum \w+/m],
    ['namespaces', /^\s*(?:export )?(?:declare )?(?:namespace|module) \w+ *\{/m],
    ['parameter properties', /\bconstructor\([^)]*\b(?:private|public|protected|readonly) \w+[?:]/],
    ['tests that are left out or alone', /\b(?:it|describe|test)\.(?:only|skip|todo|fails)\b(?!If)/],
  ])('there are no %s', (_, pattern) => {
    expect(code.filter(({ text }) => pattern.test(text)).map(({ file }) => file)).toEqual([]);
  });
});
