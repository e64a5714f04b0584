/**
 * Waits that no test runs into, however busy the machine is. Programs that a test starts have them by default; a test of a wait
 * sets its own.
 */
export const PATIENT = {
  PASSWORD_HASH_WAIT_SECONDS: '60',
  STORE_WAIT_SECONDS: '60',
} as const;
