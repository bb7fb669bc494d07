import { quirkCatalogue } from './quirk-catalogue.ts';
import { recordCatalogue } from './record-catalogue.ts';
import type { Saboteur } from './saboteur.ts';
import { wireCatalogue } from './wire-catalogue.ts';

/** Every saboteur, and whoever only looks like one. */
export const saboteurs: readonly Saboteur[] = [...recordCatalogue, ...wireCatalogue, ...quirkCatalogue];
