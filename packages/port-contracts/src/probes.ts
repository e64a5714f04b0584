import type { PortName } from '@portcullis/domain';
import type { Probe } from './store-subject.ts';

/** What a probe reads, port by port. A method that is added to `Probe` is missing here until it is described. */
const PROBES: {
  readonly [Name in keyof Required<Probe>]: {
    readonly port: PortName | 'collections';
    readonly call: string;
    readonly answers: string;
  };
} = {
  user: { port: 'users', call: 'user(id)', answers: 'the user' },
  session: { port: 'sessions', call: 'session(userId, id)', answers: 'the session with the hashes of its tokens' },
  revoked: { port: 'revokedTokens', call: 'revoked(tokenId)', answers: 'the `expiresAt` of the entry' },
  counter: { port: 'counters', call: 'counter(name)', answers: 'the last number given out' },
  key: { port: 'keys', call: 'key(number)', answers: 'the key' },
  mailToken: { port: 'mailTokens', call: 'mailToken(purpose, userId)', answers: 'the token, where the user has one' },
  auditRecord: { port: 'audit', call: 'auditRecord(id)', answers: 'the record' },
  record: {
    port: 'collections',
    call: 'record(definition, key)',
    answers: 'the record and its version: `{ record, version }`',
  },
};

/** The method of a probe that reads what this port stores. */
export const probeOf = (port: PortName): keyof Probe =>
  (Object.keys(PROBES) as (keyof Probe)[]).find((name) => PROBES[name].port === port) ?? 'record';

/** What a probe looks for, as a table of Markdown. */
export const probeTable = (): string =>
  [
    '| port | the probe has | which answers, or undefined |',
    '|---|---|---|',
    ...Object.values(PROBES).map(({ port, call, answers }) => `| \`${port}\` | \`${call}\` | ${answers} |`),
    '',
  ].join('\n');
