export { domainToAscii } from './domain-to-ascii.ts';
export { MailRefused } from './message.ts';
export { type OutboxMailer, type OutboxMailerOptions, outboxMailer } from './outbox-mailer.ts';
export { type Sender, senderIn } from './sender.ts';
export { type SmtpMailer, type SmtpMailerOptions, smtpMailer } from './smtp-mailer.ts';
export { type SmtpServer, smtpServerIn } from './smtp-server.ts';
