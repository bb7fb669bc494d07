import { useRef } from 'preact/hooks';
import { useCopy } from '../copy.ts';

/** The line that plays just this cell again, to copy. */
export function Reproduce({ command }: { command: string }) {
  const code = useRef<HTMLElement>(null);
  const { said, copy } = useCopy(() => {
    if (code.current) getSelection()?.selectAllChildren(code.current);
  });
  return (
    <div class="reproduce">
      <span>See it again:</span>
      <code ref={code}>{command}</code>
      <button type="button" onClick={() => void copy(command)}>
        Copy
      </button>
      <span role="status">{said}</span>
    </div>
  );
}
