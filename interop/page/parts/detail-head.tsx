import { useEffect, useRef } from 'preact/hooks';
import { useCopy } from '../copy.ts';
import { address, go } from '../state.ts';

/** The heading of what is opened; it comes into sight and takes the focus, so that keys and screen readers are where the eye is. */
export function DetailHead({ title, up }: { title: string; up: string }) {
  const heading = useRef<HTMLHeadingElement>(null);
  const { at } = address.value;
  useEffect(() => {
    if (heading.current) show(heading.current);
  }, [at]);
  const { said, copy } = useCopy();
  return (
    <div class="detail-head">
      <h2 ref={heading} tabIndex={-1}>
        {title}
      </h2>
      <span class="actions">
        <span role="status">{said}</span>
        <button type="button" onClick={() => void copy(location.href)}>
          Copy link
        </button>
        <button type="button" onClick={() => go({ at: up, round: 0 })}>
          Close <kbd>Esc</kbd>
        </button>
      </span>
    </div>
  );
}

/** Below a matrix that has the whole width, the heading alone at the lower edge shows nothing of its cell. */
function show(heading: HTMLElement): void {
  heading.focus({ preventScroll: true });
  const { top } = heading.getBoundingClientRect();
  if (top < 0 || top > innerHeight / 2) heading.scrollIntoView();
}
