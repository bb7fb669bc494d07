import { printable } from '../../report/text.ts';

const longest = 4_096;

/** What a peer said: text and nothing else, whatever is in it; a long one is cut, and says so. */
export function Verbatim({ text }: { text: string }) {
  const cut = text.length > longest ? `${text.slice(0, longest)}… (${text.length} characters)` : text;
  return <bdi class="verbatim">{printable(cut)}</bdi>;
}
