import type { ComponentChildren } from 'preact';
import type { Fold } from '../folds.ts';
import { turnFold } from '../state.ts';

interface FoldButtonProps {
  readonly fold: Pick<Fold, 'key'>;
  readonly isOpen: boolean;
  /** `row,column` in a table that arrow keys move in. */
  readonly place?: string;
  readonly children: ComponentChildren;
}

/** The head of scenarios, or of columns, that can be folded. */
export function FoldButton({ fold, isOpen, place, children }: FoldButtonProps) {
  return (
    <button
      type="button"
      class="fold"
      aria-expanded={isOpen}
      onClick={() => turnFold(fold, !isOpen)}
      {...(place && { 'data-place': place, tabIndex: place === '0,-1' ? 0 : -1 })}
    >
      {children}
    </button>
  );
}
