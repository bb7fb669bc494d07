import type { styleText } from 'node:util';

/** Gives a text a look, where the output takes one. */
export type Style = (format: Parameters<typeof styleText>[0], text: string) => string;
