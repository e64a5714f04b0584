import { PATIENT } from './patient.ts';

/**
 * Hashing that costs next to nothing, and that nobody is refused at: the hashing threads give way to everything else, so on a
 * busy machine even a cheap hash may wait for its turn.
 */
export const CHEAP_HASHING = {
  PASSWORD_HASH_MEMORY_KIB: '8',
  PASSWORD_HASH_PASSES: '1',
  PASSWORD_HASH_WAIT_SECONDS: PATIENT.PASSWORD_HASH_WAIT_SECONDS,
} as const;
