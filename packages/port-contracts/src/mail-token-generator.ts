import assert from 'node:assert/strict';
import type { MailTokenGenerator } from '@portcullis/domain';
import { type CaseOptions, type ContractCase, cases, type Disposable } from './contract-case.ts';
import { quoted } from './expect.ts';
import { hostileTexts } from './hostile-text.ts';

export interface MailTokenGeneratorSubject extends Disposable {
  readonly tokens: MailTokenGenerator;
  /** The same as another node has it. */
  readonly peer: MailTokenGenerator;
}

const MANY = 1000;
/** 128 bits in hexadecimal; nothing shorter holds as much in an alphabet that survives being copied. */
const SHORTEST = 22;

const contract = cases<MailTokenGeneratorSubject>('contract', {
  'draws another one each time, on every node, of one line that can be copied': async ({ tokens, peer }) => {
    const drawn = Array.from({ length: MANY }, (_, n) => (n % 2 === 0 ? tokens : peer).draw());
    assert.equal(new Set(drawn).size, MANY);
    for (const text of drawn) {
      assert.match(text, /^[A-Za-z0-9]+$/);
      assert.ok(text.length >= SHORTEST, text);
    }
  },
  'draws none that has anything in common with the one before': async ({ tokens }) => {
    const drawn = Array.from({ length: MANY }, () => tokens.draw());
    const half = Math.floor((drawn[0]?.length ?? 0) / 2);
    for (const part of [drawn.map((text) => text.slice(0, half)), drawn.map((text) => text.slice(half))]) {
      assert.equal(new Set(part).size, MANY);
    }
  },
  'hashes a text alike each time, on every node, and shows nothing of it': async ({ tokens, peer }) => {
    for (let n = 0; n < 20; n += 1) {
      const text = tokens.draw();
      const hash = tokens.hash(text);
      assert.equal(peer.hash(text), hash);
      assert.ok(!hash.includes(text) && !text.includes(hash));
      for (let at = 0; at + 8 <= text.length; at += 1) assert.ok(!hash.includes(text.slice(at, at + 8)), hash);
    }
  },
});

const hostile = cases<MailTokenGeneratorSubject>('hostile', {
  'gives no two texts one hash': async ({ tokens }) => {
    const texts = [...new Set([...hostileTexts(), tokens.draw().toUpperCase(), tokens.draw()])].filter((text) =>
      // Two that differ in lone surrogates alone are the same bytes, and nobody draws one.
      /^\P{Cs}*$/u.test(text),
    );
    const hashes = new Map(texts.map((text) => [tokens.hash(text), text]));
    for (const text of texts) assert.equal(hashes.get(tokens.hash(text)), text, quoted(text));
  },
});

/** What all MailTokenGenerator must do. */
export const mailTokenGeneratorContract = (options: CaseOptions<MailTokenGeneratorSubject>): readonly ContractCase[] =>
  [contract, hostile].flatMap((section) => section(options));
