export {
  type BackgroundWork,
  type MailRequestDeps,
  type RequestMail,
  type RunInBackground,
  requestPasswordReset,
  requestVerification,
} from './mail-requests.ts';
export {
  MAIL_TOKENS_PER_PURPOSE,
  type MailPurpose,
  type MailToken,
  type MailTokenGenerator,
  mailTokenRecords,
} from './mail-token.ts';
export type { MailTokenStore } from './mail-token-store.ts';
export type { Mail, Mailer } from './mailer.ts';
export { sweepMailTokens } from './sweep-mail-tokens.ts';
export {
  type MailTokenInvalid,
  type ResetPassword,
  resetPassword,
  type VerifyEmail,
  verifyEmail,
} from './use-mail-token.ts';
