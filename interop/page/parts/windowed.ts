import {
  elementScroll,
  observeElementOffset,
  observeElementRect,
  type VirtualItem,
  Virtualizer,
} from '@tanstack/virtual-core';
import type { RefObject } from 'preact';
import { useLayoutEffect, useReducer, useState } from 'preact/hooks';

/** The rows or columns of a long table that are in sight, and how much is left out on both sides, in pixels. */
export interface Windowed {
  readonly items: readonly Pick<VirtualItem, 'index'>[];
  readonly before: number;
  readonly after: number;
}

/** `size`: pixels of one. */
export function useWindowed(
  scroller: RefObject<HTMLElement | null>,
  count: number,
  size: number,
  horizontal: boolean,
): Windowed {
  const [, redraw] = useReducer((drawn: number) => drawn + 1, 0);
  const options = {
    count,
    horizontal,
    overscan: 6,
    getScrollElement: () => scroller.current,
    estimateSize: () => size,
    observeElementRect,
    observeElementOffset,
    scrollToFn: elementScroll,
    onChange: () => redraw(undefined),
  };
  const [virtualizer] = useState(() => new Virtualizer<HTMLElement, Element>(options));
  virtualizer.setOptions(options);
  useLayoutEffect(() => virtualizer._didMount(), [virtualizer]);
  useLayoutEffect(() => virtualizer._willUpdate());
  const items = virtualizer.getVirtualItems();
  const before = items[0]?.start ?? 0;
  return { items, before, after: virtualizer.getTotalSize() - (items.at(-1)?.end ?? 0) };
}
