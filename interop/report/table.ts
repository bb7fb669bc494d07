import { type Matrix, standings } from '../outcome/matrix.ts';
import { countPlaces, type Place, standingsOf } from './places.ts';
import { looks } from './standing.ts';
import type { Style } from './style.ts';

/** Clients down, servers across; in each place how many cells stand how: `69 ✓ 2 ~`. */
export function matrixRows(matrix: Matrix): readonly (readonly string[])[] {
  const cells = matrix.started?.cells ?? [];
  const clients = [...new Set(cells.map((cell) => cell.client))];
  const servers = [...new Set(cells.map((cell) => cell.server))];
  const places = countPlaces(matrix);
  return [
    ['client ╲ server', ...servers],
    ...clients.map((client) => [client, ...servers.map((server) => text(places.get(`${client}/${server}`)))]),
  ];
}

/** `✕ failed   ~ known failure`: every glyph of the matrix but ✓. */
export function legend(matrix: Matrix): string {
  const seen = new Set(matrix.standings.values());
  return standings
    .filter((standing) => standing !== 'ok' && seen.has(standing))
    .map((standing) => `${looks[standing].glyph} ${looks[standing].word}`)
    .join('   ');
}

/** The matrix in columns, and its legend. */
export function matrixTable(matrix: Matrix, style: Style): string {
  const rows = matrixRows(matrix);
  const [, ...servers] = rows[0] ?? [];
  const widths = servers.map((_, column) => Math.max(...rows.map((row) => row[column + 1]?.length ?? 0)));
  const first = Math.max(...rows.map((row) => row[0]?.length ?? 0));
  const lines = rows.map((row) =>
    [row[0]?.padEnd(first), ...row.slice(1).map((cell, column) => cell.padEnd(widths[column] ?? 0))]
      .join('   ')
      .trimEnd(),
  );
  const words = legend(matrix);
  return [...lines.map((line) => paint(line, style)), words && style('dim', words)]
    .filter(Boolean)
    .join('\n');
}

function text(place: Place | undefined): string {
  if (!place) return '';
  return standingsOf(place)
    .map(([standing, count]) => `${count} ${looks[standing].glyph}`)
    .join(' ');
}

/** Colours go on last, so that they do not count as width. */
function paint(line: string, style: Style): string {
  return line.replace(/\d+ ([✓✕!≈~–·])/gu, (found, glyph: string) => {
    const standing = standings.find((each) => looks[each].glyph === glyph);
    return standing ? style(looks[standing].colour, found) : found;
  });
}
