import type { Emit } from '../event/event.ts';
import type { Clock } from '../shared/instant.ts';
import type { Result } from '../shared/result.ts';
import type { Source } from '../shared/source.ts';
import type { AddUser, NewUser } from './add-user.ts';
import type { User } from './user.ts';
import type { LoginTaken } from './user-store.ts';

export interface RegisterDeps {
  readonly addUser: AddUser;
  readonly clock: Clock;
  readonly emit: Emit;
}

export interface Registration extends NewUser {
  readonly source: Source;
}

export type Register = (user: Registration) => Promise<Result<User, LoginTaken>>;

/** Adds a user who registers, never an administrator. */
export const register =
  ({ addUser, clock, emit }: RegisterDeps): Register =>
  async (user) => {
    const added = await addUser({ ...user, admin: false });
    const event = added.ok
      ? ({ kind: 'registered', userId: added.value.id } as const)
      : ({ kind: 'registration-refused', reason: added.error.kind } as const);
    emit({ event, at: clock() });
    return added;
  };
