import type { Target } from './attacks/shot.ts';
import { type Document, readDocument } from './openapi/document.ts';
import type { Program } from './programs/programs.ts';
import type { Planted } from './programs/secrets.ts';
import { type Actor, basic, type Send } from './programs/services.ts';
import { type Draw, drawFrom } from './random.ts';
import { type Answer, readAnswers } from './wire/answers.ts';
import { exchange } from './wire/connection.ts';
import { bytesOf } from './wire/message.ts';
import { NEVER } from './within.ts';

/** A service under attack: what is known of it grows with its answers. */
export interface LearnedTarget extends Target {
  /** Takes values from an answer, for later requests. */
  readonly learn: (answer: Answer) => void;
  /** Logs in anew, so that there is always somebody whose token is good. */
  readonly upkeep: (draw: Draw, port: number, signal: AbortSignal) => Promise<void>;
  readonly accessTokens: () => readonly string[];
  /** Access tokens, refresh tokens and Basic credentials: no log may show them. */
  readonly tokens: () => readonly string[];
}

type Credentials = Pick<Actor, 'login' | 'password'>;

const ACTORS_LIMIT = 4;
const SEEN_LIMIT = 24;
const SEEN_DEPTH = 5;

/** Reads the documents of a program's services and makes the first users of each. @throws Error where a document is not served */
export async function learnTargets(
  { services, hasClients }: Program,
  port: number,
  secrets: Planted,
  administrator: Credentials | undefined,
): Promise<readonly LearnedTarget[]> {
  const mounted = await Promise.all(
    services.map(async ({ prefix, access }) => {
      const document = await readDocumentAt(`${prefix}${access.documentPath}`, port);
      return { prefix, access, document };
    }),
  );
  return Promise.all(
    mounted.map(async ({ prefix, access, document }, at): Promise<LearnedTarget> => {
      const seen = new Map<string, string[]>();
      const isRoot = at === 0;
      let actors: readonly Actor[] = [];
      let admin: Actor | undefined;

      const names = new Set([...document.operations.flatMap(({ pathParameters }) => pathParameters)]);

      function collect(value: unknown, depth: number): void {
        if (typeof value !== 'object' || value === null || depth === 0) return;
        for (const [name, part] of Object.entries(value)) {
          if (names.has(name) && (typeof part === 'string' || typeof part === 'number')) {
            const values = seen.get(name) ?? [];
            seen.set(name, [...values.slice(-SEEN_LIMIT + 1), String(part)]);
          } else collect(part, depth - 1);
        }
      }

      const target: LearnedTarget = {
        prefix,
        document,
        services: mounted,
        actors: () => (admin ? [admin, ...actors] : actors),
        seen: (name) => seen.get(name) ?? [],
        marker: secrets.marker,
        client: isRoot && hasClients ? basic(secrets.clientId, secrets.clientSecret) : undefined,
        learn({ status, headers, body }) {
          if (status >= 300 || body.length > 200_000 || !headers.get('content-type')?.startsWith('application/json'))
            return;
          try {
            collect(JSON.parse(body.toString()), SEEN_DEPTH);
          } catch {
            // The judge has said so.
          }
        },
        async upkeep(draw, at, signal) {
          const send = sendTo(at, prefix, signal);
          const [login, password] = [access.newLogin(draw), `${secrets.marker}-${draw.word(10)}`];
          await access.register(send, login, password);
          const actor = await access.logIn(send, login, password);
          if (actor) actors = [...actors.slice(-ACTORS_LIMIT + 1), actor];
          if (isRoot && administrator)
            admin = (await access.logIn(send, administrator.login, administrator.password)) ?? admin;
        },
        accessTokens: () => target.actors().map(({ accessToken }) => accessToken),
        tokens: () =>
          target
            .actors()
            .flatMap(({ accessToken, refreshToken, credentials }) => [
              accessToken,
              ...(refreshToken === undefined ? [] : [refreshToken]),
              ...[...credentials.values()].map(([, value]) => value.replace(/^\w+ /, '')),
            ]),
      };
      const first = drawFrom(`${secrets.marker}/${prefix}`);
      for (let n = 0; n < 2; n += 1) await target.upkeep(first, port, NEVER);
      if (actors.length === 0) throw new Error(`nobody could log in at ${prefix}${access.documentPath}`);
      return target;
    }),
  );
}

const sendTo =
  (port: number, prefix: string, signal: AbortSignal): Send =>
  async ({ headers = [], target, ...message }) => {
    const sent = bytesOf({
      ...message,
      target: `${prefix}${target}`,
      headers: [['Host', '127.0.0.1'], ['Connection', 'close'], ...headers],
    });
    const methods = [message.method];
    const { received, ended } = await exchange(port, { steps: [{ write: sent }], methods, awaits: 'answers' }, signal);
    return readAnswers(received, methods, ended !== 'client').answers[0];
  };

async function readDocumentAt(path: string, port: number): Promise<Document> {
  const answer = await sendTo(port, '', NEVER)({ method: 'GET', target: path });
  if (answer?.status !== 200) throw new Error(`no document at ${path}: ${answer?.status}`);
  return readDocument(JSON.parse(answer.body.toString()));
}
