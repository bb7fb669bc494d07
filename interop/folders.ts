import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The project's root. */
export const rootFolder = path.resolve(fileURLToPath(new URL('..', import.meta.url)));

/** The service under test and the peers' messages. */
export const protoFolder = path.join(rootFolder, 'proto');

/** What the harness itself writes, all of it safe to delete. */
export const workFolder = path.join(rootFolder, 'interop', 'out');
