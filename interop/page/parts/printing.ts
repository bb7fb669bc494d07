import { useLayoutEffect, useState } from 'preact/hooks';

/** Whether it is drawn for paper, on which nobody scrolls or asks for the rest. */
export function usePrinting(): boolean {
  const [isPrinting, set] = useState(false);
  useLayoutEffect(() => {
    const media = matchMedia('print');
    const read = () => set(media.matches);
    // When the media change, the pages have been laid out.
    const begin = () => set(true);
    const end = () => set(false);
    read();
    media.addEventListener('change', read);
    addEventListener('beforeprint', begin);
    addEventListener('afterprint', end);
    return () => {
      media.removeEventListener('change', read);
      removeEventListener('beforeprint', begin);
      removeEventListener('afterprint', end);
    };
  }, []);
  return isPrinting;
}
