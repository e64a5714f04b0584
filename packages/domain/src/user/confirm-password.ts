import type { DomainEvent, Emit } from '../event/event.ts';
import type { Clock } from '../shared/instant.ts';
import { err, ok, type Result } from '../shared/result.ts';
import type { Source } from '../shared/source.ts';
import type { PasswordHasher } from './password-hasher.ts';
import type { User, UserId } from './user.ts';
import { verifyPassword } from './verify-password.ts';

/** The caller is logged in, and does not know the password. */
export interface PasswordWrong {
  readonly kind: 'password-wrong';
}

/** What a password is asked for again. */
export type ConfirmedAction = Extract<DomainEvent, { readonly kind: 'password-refused' }>['action'];

export interface ConfirmPasswordDeps {
  readonly hasher: PasswordHasher;
  readonly clock: Clock;
  readonly emit: Emit;
}

export type ConfirmPassword = (
  user: User,
  password: string,
  action: ConfirmedAction,
  source: Source,
) => Promise<Result<void, PasswordWrong>>;

/** Whether a user who is logged in knows the password. A wrong one is an event. */
export const confirmPassword =
  (deps: ConfirmPasswordDeps): ConfirmPassword =>
  async ({ id, passwordHash }, password, action, source) => {
    const asker = { source, subject: id };
    return (await verifyPassword(deps.hasher, password, passwordHash, { asker }))
      ? ok(undefined)
      : refusePassword(deps, id, action);
  };

export function refusePassword(
  { clock, emit }: Pick<ConfirmPasswordDeps, 'clock' | 'emit'>,
  userId: UserId,
  action: ConfirmedAction,
): Result<never, PasswordWrong> {
  emit({ event: { kind: 'password-refused', userId, action }, at: clock() });
  return err({ kind: 'password-wrong' });
}
