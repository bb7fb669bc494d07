/** The text of a page with that between two of its lines, in place of what stands there. Throws when it lacks them. */
export function withSection(
  page: string,
  text: string,
  [from, to]: readonly [from: string, to: string],
  content: string,
): string {
  const [start, end] = [text.indexOf(from), text.indexOf(to)];
  if (start < 0 || end < start) throw new Error(`${page} has no ${from} with ${to} behind it`);
  return `${text.slice(0, start + from.length)}\n${content}\n${text.slice(end)}`;
}
