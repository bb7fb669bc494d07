// Starts program.ts with its modules compiled once: a run of all saboteurs starts
// some two hundred programs. No type is stripped here, since that alone is what takes long.
import { existsSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';

const out = fileURLToPath(new URL('../../out', import.meta.url));
// A package has no such folder: nothing is written beside it.
if (existsSync(out)) enableCompileCache(`${out}/compiled`);
await import('./program.ts');
