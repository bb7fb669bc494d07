import type { Implementation } from '../model/peer.ts';

/** Of a program that does not say what it is made of. */
export const unknownImplementation: Implementation = {
  language: '',
  languageVersion: '',
  library: '',
  libraryVersion: '',
};
