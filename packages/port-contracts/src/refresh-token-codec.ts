import assert from 'node:assert/strict';
import type { RefreshTokenCodec, RefreshTokenId, UserId } from '@portcullis/domain';
import { type CaseOptions, type ContractCase, cases, type Disposable } from './contract-case.ts';
import { quoted } from './expect.ts';
import { hostileTexts } from './hostile-text.ts';
import { sessionId, userId } from './samples.ts';

export interface RefreshTokenCodecSubject extends Disposable {
  readonly codec: RefreshTokenCodec;
  /** The same as another node has it. */
  readonly peer: RefreshTokenCodec;
  /** The same in everything but its key. */
  readonly stranger: RefreshTokenCodec;
}

const IDS: readonly RefreshTokenId[] = [
  { userId: userId(1), sessionId: sessionId(1), generation: 0 },
  { userId: userId(1), sessionId: sessionId(1), generation: 1 },
  { userId: userId(1), sessionId: sessionId(2), generation: 0 },
  { userId: userId(2), sessionId: sessionId(1), generation: 0 },
  { userId: '17' as UserId, sessionId: sessionId(1), generation: 2 ** 40 },
];

const contract = cases<RefreshTokenCodecSubject>('contract', {
  'writes the same token for an id each time, on every node, and reads it again': async ({ codec, peer }) => {
    for (const id of IDS) {
      const token = codec.write(id);
      assert.equal(peer.write({ ...id }), token);
      assert.deepEqual(peer.read(token), id);
      assert.equal(peer.hash(token), codec.hash(token));
      assert.equal(codec.spellings(id)[0], token);
      for (const spelling of codec.spellings(id)) assert.deepEqual(peer.read(spelling), id);
    }
  },
  'gives each id a token, and each token a hash, of its own': async ({ codec }) => {
    const tokens = IDS.map((id) => codec.write(id));
    assert.equal(new Set(tokens).size, IDS.length);
    assert.equal(new Set(tokens.map((token) => codec.hash(token))).size, IDS.length);
  },
  'writes what a form, a header and a URL carry as it is, and shows nothing of it in the hash': async ({ codec }) => {
    for (const id of IDS) {
      const token = codec.write(id);
      assert.match(token, /^[\w.-]{43,400}$/);
      assert.ok(!token.includes(codec.hash(token)) && !codec.hash(token).includes(token.slice(-20)));
    }
  },
});

const hostile = cases<RefreshTokenCodecSubject>('hostile', {
  'reads nothing that another key wrote': async ({ codec, stranger }) => {
    for (const id of IDS) assert.equal(codec.read(stranger.write(id)), undefined);
  },
  'reads nothing that differs in one character, is longer, shorter or put together of two': async ({ codec }) => {
    const [one = '', other = ''] = IDS.map((id) => codec.write(id));
    const cut = one.lastIndexOf('.');
    for (const text of [`${one}A`, `${one}.`, `.${one}`, one.slice(0, -1), one.slice(1), ` ${one}`, `${one}=`]) {
      assert.equal(codec.read(text), undefined, text);
    }
    assert.equal(codec.read(one.slice(0, cut) + other.slice(other.lastIndexOf('.'))), undefined);
    for (let at = 0; at < one.length; at += 1) {
      for (const letter of ['A', 'B', '_', '.', '=', 'é']) {
        const text = one.slice(0, at) + letter + one.slice(at + 1);
        if (text !== one) assert.equal(codec.read(text), undefined, text);
      }
    }
  },
  'reads nothing in what is no token': async ({ codec }) => {
    for (const text of ['', '.', '..', 'a.b', ...hostileTexts()])
      assert.equal(codec.read(text), undefined, quoted(text));
  },
});

/** What every RefreshTokenCodec must do. */
export const refreshTokenCodecContract = (options: CaseOptions<RefreshTokenCodecSubject>): readonly ContractCase[] =>
  [contract, hostile].flatMap((section) => section(options));
