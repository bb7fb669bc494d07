import { makeIdentities } from '../pki/identities.ts';

/** Those that the doctor shows, and trusts. */
export const identities = makeIdentities();
