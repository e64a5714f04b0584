import { type Counters, seedOnce } from '../shared/counters.ts';
import { type AddUserCommand, type AddUserDeps, addUser } from './add-user.ts';
import type { NewUserId, UserId } from './user.ts';

/** The counter of user ids, where a service counts its users. */
const COUNTER = 'users';

export const countedUserId = (number: number): UserId => String(number) as UserId;

/** Ids 1, 2, 3 and so on, for services whose contract shows numbers. */
export const countedUserIds =
  ({ counters }: { readonly counters: Counters }): NewUserId =>
  async () =>
    countedUserId(await counters.next(COUNTER));

/** Adds the users that a service begins with, numbered from 1 on, to a store that never had any. */
export const seedUsers =
  ({ counters, ...deps }: Omit<AddUserDeps, 'newUserId'> & { readonly counters: Counters }) =>
  (first: readonly AddUserCommand[]): Promise<void> =>
    seedOnce({ counters, name: COUNTER }, first, (command, number) =>
      addUser({ ...deps, newUserId: () => countedUserId(number) })(command),
    );
