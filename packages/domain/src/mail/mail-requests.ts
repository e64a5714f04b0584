import type { Emit } from '../event/event.ts';
import { type Clock, plusSeconds } from '../shared/instant.ts';
import type { EmailLogins } from '../user/email.ts';
import type { Login } from '../user/login.ts';
import type { User } from '../user/user.ts';
import { userByLogin } from '../user/user-by-login.ts';
import type { UserStore } from '../user/user-store.ts';
import type { MailPurpose, MailTokens } from './mail-token.ts';
import type { MailTokenStore } from './mail-token-store.ts';
import type { Mail, Mailer } from './mailer.ts';

/**
 * Has work done once the caller is answered, soon and on its own. Whoever is to be answered alike in any case learns nothing of it,
 * neither by the answer nor by how long it took.
 * @throws Unavailable where there is too much of it already.
 */
export type Afterwards = (what: string, work: () => Promise<void>) => void;

export interface MailRequestDeps {
  readonly users: UserStore;
  readonly logins: Pick<EmailLogins, 'keyOf' | 'earlierKeyOf' | 'addressOf'>;
  readonly mailTokens: MailTokens;
  readonly mailTokenStore: MailTokenStore;
  readonly mailer: Mailer;
  readonly afterwards: Afterwards;
  readonly clock: Clock;
  readonly emit: Emit;
  readonly lifetimeSeconds: number;
  /** The words of the service. */
  readonly mailOf: (purpose: MailPurpose, token: string, lifetimeSeconds: number) => Omit<Mail, 'to'>;
}

/** Resolves in the same way for every login, known or not. */
export type RequestMail = (login: Login) => Promise<void>;

const requestMail =
  (purpose: MailPurpose, isDue: (user: User) => boolean, deps: MailRequestDeps): RequestMail =>
  async (login) => {
    const { users, logins, mailTokens, mailTokenStore, mailer, afterwards, clock, emit, lifetimeSeconds, mailOf } =
      deps;
    const user = await userByLogin({ users, logins })(login);
    afterwards(`mail: ${purpose}`, async () => {
      if (!user || user.disabled || !isDue(user)) return;
      const { id: userId, loginKey } = user;
      const text = mailTokens.draw();
      const expiresAt = plusSeconds(clock(), lifetimeSeconds);
      // Stored before it is sent: what comes by mail is good.
      await mailTokenStore.put({ hash: mailTokens.hash(text), purpose, userId, loginKey, expiresAt });
      await mailer.send({ to: logins.addressOf(user.login), ...mailOf(purpose, text, lifetimeSeconds) });
      emit({ event: { kind: 'mail-sent', userId, purpose }, at: clock() });
    });
  };

/** Mails whoever has this login a secret to show that the address is theirs, unless they have shown it before. */
export const requestVerification = (deps: MailRequestDeps): RequestMail =>
  requestMail('verify-email', ({ verifiedAt }) => verifiedAt === null, deps);

/** Mails whoever has this login a secret to set another password with. */
export const requestPasswordReset = (deps: MailRequestDeps): RequestMail =>
  requestMail('reset-password', () => true, deps);
