import { useState } from 'preact/hooks';

/** Copies a text, and says so. Where the browser does not let a page copy, the reader can: `select` selects it. */
export function useCopy(select?: () => void): { readonly said: string; copy(text: string): Promise<void> } {
  const [said, setSaid] = useState('');
  return {
    said,
    async copy(text) {
      try {
        await navigator.clipboard.writeText(text);
        setSaid('copied');
      } catch {
        select?.();
        setSaid(select ? 'selected: copy it with the keyboard' : 'copy it from the address bar');
      }
    },
  };
}
