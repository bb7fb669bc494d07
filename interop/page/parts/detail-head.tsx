import { useEffect, useRef } from 'preact/hooks';
import { address, go } from '../state.ts';

/** The heading of what is opened; it takes the focus, so that keys and screen readers are where the eye is. */
export function DetailHead({ title, up }: { title: string; up: string }) {
  const heading = useRef<HTMLHeadingElement>(null);
  const { at } = address.value;
  useEffect(() => heading.current?.focus(), [at]);
  return (
    <div class="detail-head">
      <h2 ref={heading} tabIndex={-1}>
        {title}
      </h2>
      <button type="button" onClick={() => go({ at: up, round: 0 })}>
        Close <kbd>Esc</kbd>
      </button>
    </div>
  );
}
