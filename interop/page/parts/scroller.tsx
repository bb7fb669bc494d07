import type { ComponentChildren, Ref } from 'preact';

interface ScrollerProps {
  /** What scrolls in it, for who cannot see it. */
  readonly label: string;
  readonly class?: string;
  readonly children: ComponentChildren;
  readonly box?: Ref<HTMLElement>;
  readonly onKeyDown?: (event: KeyboardEvent) => void;
}

/** What is wider or longer than its place scrolls by itself, with the keyboard too. */
export function Scroller({ label, class: more = '', children, box, onKeyDown }: ScrollerProps) {
  return (
    <section
      class={`scroller ${more}`}
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard (WCAG 2.1.1)
      tabIndex={0}
      {...(box && { ref: box })}
      {...(onKeyDown && { onKeyDown })}
    >
      {children}
    </section>
  );
}
