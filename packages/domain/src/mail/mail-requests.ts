import type { Emit } from '../event/event.ts';
import { type Clock, plusSeconds } from '../shared/instant.ts';
import type { EmailLogins } from '../user/email.ts';
import type { Login } from '../user/login-policy.ts';
import type { User, UserId } from '../user/user.ts';
import { userByLogin } from '../user/user-by-login.ts';
import type { UserStore } from '../user/user-store.ts';
import type { MailPurpose, MailTokenGenerator } from './mail-token.ts';
import type { MailTokenStore } from './mail-token-store.ts';
import type { Mail, Mailer } from './mailer.ts';

export interface BackgroundWork {
  /** For the log. */
  readonly what: string;
  /** While work of this key waits or is under way, more of it adds nothing. */
  readonly key: string;
  /** Whether it is done only so that it cannot be told from other work. It gives way to that, and is left out where there is much. */
  readonly decoy: boolean;
  readonly work: () => Promise<void>;
}

/**
 * Has work done once the caller is answered, some time soon and on its own. The caller learns nothing of it, neither by this answer
 * and its duration nor by those that follow.
 * @throws Unavailable where there is too much of it already, whatever this work is.
 */
export type RunInBackground = (work: BackgroundWork) => void;

export interface MailRequestDeps {
  readonly users: UserStore;
  readonly logins: Pick<EmailLogins, 'keyOf' | 'earlierKeyOf' | 'addressOf'>;
  readonly mailTokenGenerator: MailTokenGenerator;
  readonly mailTokens: MailTokenStore;
  readonly mailer: Mailer;
  readonly runInBackground: RunInBackground;
  readonly clock: Clock;
  readonly emit: Emit;
  readonly lifetimeSeconds: number;
  /** The words of the service. */
  readonly mailOf: (purpose: MailPurpose, token: string, lifetimeSeconds: number) => Omit<Mail, 'to'>;
}

/** Resolves in the same way for every login, known or not. */
export type RequestMail = (login: Login) => Promise<void>;

/**
 * No token is replaced by a request before this time: whoever asks for mails to another's address makes none of theirs void. So
 * many seconds have no more than `MAIL_TOKENS_PER_PURPOSE` mails of a user for a purpose.
 */
const YOUNG_SECONDS = 900;

/** Of whom the tokens are that nobody gets. No user has this id. */
const NOBODY = 'nobody' as UserId;

const requestMail = (
  purpose: MailPurpose,
  isDue: (user: User) => boolean,
  {
    users,
    logins,
    mailTokenGenerator,
    mailTokens,
    mailer,
    runInBackground,
    clock,
    emit,
    lifetimeSeconds,
    mailOf,
  }: MailRequestDeps,
): RequestMail => {
  const find = userByLogin({ users, logins });
  return async (login) => {
    const user = await find(login);
    const recipient = user && !user.disabled && isDue(user) ? user : undefined;
    const loginKey = logins.keyOf(login);
    let token: { readonly text: string; readonly stored: boolean } | undefined;

    runInBackground({
      what: `mail: ${purpose}`,
      key: `${purpose} ${user?.id ?? loginKey}`,
      decoy: recipient === undefined,
      // The same for everyone but for the mail itself. Done again, it sends the same token.
      async work() {
        const at = clock();
        const text = token?.text ?? mailTokenGenerator.draw();
        const young = plusSeconds(at, -Math.min(YOUNG_SECONDS, lifetimeSeconds));
        // Stored before it is sent: what comes by mail is good.
        const stored =
          token?.stored ||
          (await mailTokens.put(
            {
              hash: mailTokenGenerator.hash(text),
              purpose,
              userId: recipient?.id ?? NOBODY,
              loginKey: recipient?.loginKey ?? loginKey,
              epoch: recipient?.tokenEpoch ?? 0,
              issuedAt: at,
              expiresAt: recipient ? plusSeconds(at, lifetimeSeconds) : at,
            },
            recipient ? young : at,
          ));
        token = { text, stored };
        const mail = mailOf(purpose, text, lifetimeSeconds);
        if (!recipient || !stored) return;
        await mailer.send({ to: logins.addressOf(recipient.login), ...mail });
        emit({ event: { kind: 'mail-sent', userId: recipient.id, purpose }, at: clock() });
      },
    });
  };
};

/** Mails whoever has this login a secret to show that the address is theirs, unless they have shown it before. */
export const requestVerification = (deps: MailRequestDeps): RequestMail =>
  requestMail('verify-email', ({ verifiedAt }) => verifiedAt === null, deps);

/** Mails whoever has this login a secret to set another password with. */
export const requestPasswordReset = (deps: MailRequestDeps): RequestMail =>
  requestMail('reset-password', () => true, deps);
