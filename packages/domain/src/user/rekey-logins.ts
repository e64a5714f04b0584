import type { Counters } from '../shared/counters.ts';
import type { LoginKeys } from './login-policy.ts';
import type { UserStore } from './user-store.ts';

/** The counter says which form of keys the stored users have: 1 once all have the one of `LoginPolicy.keyOf`. */
const COUNTER = 'login-keys';
const CANONICAL = 1;
const PAGE_SIZE = 500;

export interface RekeyLoginsDeps {
  readonly users: Pick<UserStore, 'page' | 'rekey'>;
  readonly counters: Counters;
  readonly logins: LoginKeys;
}

/**
 * Gives the users of earlier releases the keys that their logins have now, once for each store, and returns how many got another
 * one. Two accounts of one mailbox both stay: the second keeps its key, and is found by its own spelling. Several nodes may do so at
 * once.
 */
export const rekeyLogins =
  ({ users, counters, logins }: RekeyLoginsDeps) =>
  async (): Promise<number> => {
    if ((await counters.last(COUNTER)) >= CANONICAL) return 0;
    let changed = 0;
    const { total } = await users.page({ number: 1, size: 1 });
    // From the last page on: a user who is removed meanwhile then moves nobody past us. New users have the new keys.
    for (let number = Math.ceil(total / PAGE_SIZE); number > 0; number -= 1) {
      const { items } = await users.page({ number, size: PAGE_SIZE });
      for (const { id, login, loginKey } of items) {
        const next = logins.keyOf(login);
        if (next !== loginKey && (await users.rekey(id, loginKey, next))) changed += 1;
      }
    }
    await counters.advance(COUNTER, CANONICAL);
    return changed;
  };
