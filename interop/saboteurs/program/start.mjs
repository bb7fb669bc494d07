// Starts program.ts with its modules compiled once: a run of all saboteurs starts
// some two hundred programs. No type is stripped here, since that alone is what takes long.
import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';

enableCompileCache(fileURLToPath(new URL('../../out/compiled', import.meta.url)));
await import('./program.ts');
