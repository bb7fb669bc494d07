import { useRef, useState } from 'preact/hooks';

/** The line that plays just this cell again, to copy. */
export function Reproduce({ command }: { command: string }) {
  const code = useRef<HTMLElement>(null);
  const [said, setSaid] = useState('');

  async function copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(command);
      setSaid('copied');
    } catch {
      // Where the browser does not let a page copy, the reader can.
      if (code.current) getSelection()?.selectAllChildren(code.current);
      setSaid('selected: copy it with the keyboard');
    }
  }

  return (
    <div class="reproduce">
      <span>See it again:</span>
      <code ref={code}>{command}</code>
      <button type="button" onClick={() => void copy()}>
        Copy
      </button>
      <span role="status">{said}</span>
    </div>
  );
}
