/** What the doctor plays: the project's own contracts. */
import { loadContracts, ownContracts } from '../contract/load.ts';

export const { scenarios, types } = await loadContracts(ownContracts());
