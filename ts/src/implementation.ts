// What this peer is made of.
import grpc from '@grpc/grpc-js/package.json' with { type: 'json' };
import type { Implementation } from './lines/types.ts';

/** Node.js is named as the language: at run time nothing is left of TypeScript, nor of its version. */
export const implementation: Implementation = {
  language: 'Node.js',
  languageVersion: process.versions.node,
  library: 'grpc-js',
  libraryVersion: grpc.version,
};
