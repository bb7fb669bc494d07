/** What an output may take as a look: names of `styleText` of node:util. */
export type Format = 'red' | 'green' | 'yellow' | 'dim' | 'bold';

/** Gives a text a look, where the output takes one. */
export type Style = (format: Format, text: string) => string;
