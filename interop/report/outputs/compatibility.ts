import { lackText } from '../../model/peer.ts';
import {
  type Compatibility,
  type Difference,
  type Library,
  type Place,
  type Release,
  startCompatibility,
} from '../../outcome/versions.ts';
import { outcomeText } from '../failure.ts';
import { markdownTable } from '../markdown-table.ts';
import type { Reporter } from '../reporter.ts';
import { count, printable } from '../text.ts';

/**
 * A page in Markdown, after the last event: for each library its releases, with what the tree has of
 * the others. `isWhole`: everything was built, and the run came to its end.
 */
export function compatibilityReporter(write: (text: string, isWhole: boolean) => void): Reporter {
  const { add, told } = startCompatibility();
  return {
    name: 'compatibility',
    on: add,
    end() {
      const compatibility = told();
      write(page(compatibility), compatibility.isWhole);
    },
  };
}

function page(compatibility: Compatibility): string {
  const { at, launcher, scenarios, libraries } = compatibility;
  return `${[
    '# Which version gets on with which',
    `Made by \`npm run interop -- versions\` on ${at.slice(0, 10)}, as ${launcher}: releases of each library against what this tree has of the others, each as client and as server, in ${count(scenarios.length, 'scenario')}. Written by the run; changes by hand are lost.`,
    "In a place: `✓` all that was played passed, in both roles; `✕ 2` so many cells fail that pass with today's release; `~ 1` fail as today's do, by the [ledger](../ledger.json); `+ 1` pass where today's fail; `–` nothing was played.",
    ...libraries.map((library) => section(library, compatibility)),
    `Played: ${scenarios.map((name) => `\`${name}\``).join(', ')}.`,
  ].join('\n\n')}\n`;
}

function section(library: Library, { today }: Compatibility): string {
  const partners = [...new Set(library.releases.flatMap(({ places }) => [...places.keys()]))].toSorted();
  const heads = partners.map((name) => `${name} ${today.get(name)?.libraryVersion ?? ''}`.trim());
  const rows = library.releases.map((release) => [
    `${release.version ?? '?'}${release.isToday ? ', today' : ''}`,
    ...partners.map((partner) => placeText(release, partner)),
  ]);
  const notBuilt = library.releases.filter(({ problem }) => problem !== undefined);
  return [
    `## ${library.title}`,
    markdownTable(
      ['', ...heads].map(inTable),
      rows.map((cells) => cells.map(inTable)),
    ),
    [
      ...notBuilt.map(({ version, problem }) => `- ${version} was not built: ${firstLine(problem ?? '')}`),
      ...library.differences.map((difference) => `- ${differenceText(difference)}`),
    ].join('\n'),
  ]
    .filter(Boolean)
    .join('\n\n');
}

function placeText({ places, problem }: Release, partner: string): string {
  if (problem !== undefined) return 'not built';
  const place = places.get(partner);
  const counts = place ? countsOf(place) : [];
  if (place && counts.length === 0 && place.passed > 0) return '✓';
  return counts.length > 0 ? counts.join(' ') : '–';
}

function countsOf({ alike, worse, better }: Place): readonly string[] {
  return [
    [worse, '✕'],
    [alike, '~'],
    [better, '+'],
  ].flatMap(([number, glyph]) => (number === 0 ? [] : [`${glyph} ${number}`]));
}

function differenceText({ role, scenario, versions, partners, example }: Difference): string {
  const where = `${versions.join(', ')} as ${role}: \`${scenario}\` with ${partners.join(', ')}`;
  if (!example) return `${where} passes, where today's fails`;
  const { outcome } = example;
  const what = outcome.kind === 'unsupported' ? lackText(outcome.feature) : outcomeText(example);
  return `${where}: ${firstLine(printable(what))}`;
}

function firstLine(text: string): string {
  return (text.split('\n')[0] ?? '').replaceAll(/[\\*_[\]<>|~]/g, (character) => `\\${character}`);
}

function inTable(text: string): string {
  return text.replaceAll('|', '\\|');
}
