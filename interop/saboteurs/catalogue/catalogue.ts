import { clientCatalogue } from './client.ts';
import { quirkCatalogue } from './quirks.ts';
import type { Saboteur } from './saboteur.ts';
import { serverCatalogue } from './server.ts';
import { strangeCatalogue } from './strangers.ts';
import { streamCatalogue } from './streams.ts';
import { tlsCatalogue } from './tls.ts';
import { unrulyCatalogue } from './unruly.ts';
import { valueCatalogue } from './values.ts';
import { wireCatalogue } from './wire.ts';

/** Every saboteur, and whoever only looks like one. */
export const saboteurs: readonly Saboteur[] = [
  ...serverCatalogue,
  ...clientCatalogue,
  ...unrulyCatalogue,
  ...wireCatalogue,
  ...streamCatalogue,
  ...valueCatalogue,
  ...tlsCatalogue,
  ...quirkCatalogue,
  ...strangeCatalogue,
];
