// A suite is only worth what it catches: each adapter here is wrong in one way that adapters are wrong in.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, it } from 'node:test';
import { hashSync } from '@node-rs/argon2';
import type {
  MailTokenGenerator,
  PasswordHash,
  PasswordHasher,
  RefreshTokenCodec,
  RefreshTokenId,
  TokenHash,
} from '@portcullis/domain';
import {
  type ContractCase,
  mailTokenGeneratorContract,
  passwordHasherContract,
  refreshTokenCodecContract,
  type Section,
} from '@portcullis/port-contracts';
import { hmacRefreshTokenCodec, randomMailTokenGenerator } from '@portcullis/security';
import { unhurried } from './support/hashers.ts';
import { secret } from './support/tokens.ts';

type Shelf<T> = readonly (readonly [section: Section, wrong: string, sabotage: (honest: T) => T])[];

const idIn = (text: string): RefreshTokenId | undefined => {
  try {
    const [userId, sessionId, generation] = JSON.parse(Buffer.from(text.split('.')[0] ?? '', 'base64url').toString());
    return { userId, sessionId, generation };
  } catch {
    return undefined;
  }
};

const wrongRefreshTokens: Shelf<RefreshTokenCodec> = [
  [
    'contract',
    'tokens that are drawn, and known to the node that drew them',
    ({ hash }) => {
      const drawn = new Map<string, RefreshTokenId>();
      return {
        write(id) {
          const text = randomBytes(40).toString('base64url');
          drawn.set(text, id);
          return text;
        },
        spellings: (id) => [...drawn].flatMap(([text, own]) => (own === id ? [text] : [])),
        read: (text) => drawn.get(text),
        hash,
      };
    },
  ],
  [
    'contract',
    'one token for all generations',
    (honest) => ({ ...honest, write: (id) => honest.write({ ...id, generation: 0 }) }),
  ],
  [
    'contract',
    'a part of the token in the place of its hash',
    (honest) => ({ ...honest, hash: (text) => text.slice(-30) as TokenHash }),
  ],
  ['hostile', 'a signature that nobody looks at', (honest) => ({ ...honest, read: idIn })],
  [
    'hostile',
    'a signature of which only the beginning counts',
    (honest) => ({
      ...honest,
      read(text) {
        const id = idIn(text);
        return id && honest.write(id).slice(0, -35) === text.slice(0, -35) ? id : undefined;
      },
    }),
  ],
  [
    'hostile',
    'blanks around a token overlooked',
    (honest) => ({ ...honest, read: (text) => honest.read(text.trim()) }),
  ],
];

const wrongMailTokenGenerators: Shelf<MailTokenGenerator> = [
  [
    'contract',
    'secrets that count up',
    (honest) => {
      let n = 0;
      return { ...honest, draw: () => String(++n).padStart(64, '0') };
    },
  ],
  ['contract', 'secrets of six digits', (honest) => ({ ...honest, draw: () => String(Math.random()).slice(2, 8) })],
  [
    'contract',
    'the secret itself in the place of its hash',
    (honest) => ({ ...honest, hash: (text) => text as TokenHash }),
  ],
  [
    'contract',
    'a hash with a salt, which nobody finds again',
    (honest) => ({ ...honest, hash: (text) => honest.hash(`${text}${randomBytes(8).toString('hex')}`) }),
  ],
  [
    'hostile',
    'hashes without letter case',
    (honest) => ({ ...honest, hash: (text) => honest.hash(text.toLowerCase()) }),
  ],
  [
    'hostile',
    'hashes of what comes before a NUL',
    (honest) => ({ ...honest, hash: (text) => honest.hash(text.split('\0')[0] ?? '') }),
  ],
];

const wrongHashers: Shelf<PasswordHasher> = [
  [
    'contract',
    'verifying the beginning of a password',
    (honest) => ({
      ...honest,
      hash: (password, asker) => honest.hash(password.slice(0, 72), asker),
      verify: (password, hash, options) => honest.verify(password.slice(0, 72), hash, options),
    }),
  ],
  ['races', 'one line for all, whoever asks', (honest) => ({ ...honest, hash: (password) => honest.hash(password) })],
];

function proves<T>(
  title: string,
  shelf: Shelf<T>,
  casesOf: (sabotage: (honest: T) => T) => readonly ContractCase[],
): void {
  describe(title, () => {
    it('lets one pass that is right', async () => {
      for (const each of casesOf((honest) => honest)) await each.run();
    });
    for (const [section, wrong, sabotage] of shelf) {
      it(`catches ${wrong}, in its section on ${section}`, async () => {
        const cases = casesOf(sabotage).filter((each) => each.section === section);
        const outcomes = await Promise.allSettled(cases.map((each) => each.run()));
        assert.ok(outcomes.some(({ status }) => status === 'rejected'));
      });
    }
  });
}

const dispose = async () => {};

proves('the suite for refresh tokens', wrongRefreshTokens, (sabotage) =>
  refreshTokenCodecContract({
    make: async () => ({
      codec: sabotage(hmacRefreshTokenCodec(secret(1))),
      peer: sabotage(hmacRefreshTokenCodec(secret(1))),
      stranger: sabotage(hmacRefreshTokenCodec(secret(2))),
      dispose,
    }),
  }),
);

proves('the suite for secrets of mails', wrongMailTokenGenerators, (sabotage) =>
  mailTokenGeneratorContract({
    make: async () => ({
      tokens: sabotage(randomMailTokenGenerator()),
      peer: sabotage(randomMailTokenGenerator()),
      dispose,
    }),
  }),
);

proves('the suite for hashers of passwords', wrongHashers, (sabotage) =>
  passwordHasherContract({
    async make() {
      const hasher = unhurried();
      const hash = hashSync('of old', { memoryCost: 32, timeCost: 1, parallelism: 1 }) as PasswordHash;
      return { hasher: sabotage(hasher), outdated: { password: 'of old', hash }, dispose: () => hasher.close() };
    },
  }),
);
