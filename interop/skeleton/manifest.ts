import { unwrittenFile } from './unwritten.ts';

/** A manifest that is valid, and whose build says what to write first. */
export function manifestOf(name: string): string {
  return `{
  "$schema": "../../interop/peers/peer.schema.json",
  "name": ${JSON.stringify(name)},
  "title": ${JSON.stringify(`${name}, ???`)},
  "args": [],
  "server": {
    "features": []
  },
  "process": {
    "needs": [],
    "build": [["sh", ${JSON.stringify(unwrittenFile)}]],
    "outputs": [],
    "command": ["build/peer"]
  }
}
`;
}
