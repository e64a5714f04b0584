import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type AccessTokenClaims, ok, type Result, type TokenCodec } from '@portcullis/domain';
import { type ClaimValue, joseAccessTokenCodec, type OwnClaims, secretKey } from '@portcullis/security';
import fc from 'fast-check';
import { AUDIENCE, claims, ISSUER, NOON, openCodec, secret, takeApart } from './support/tokens.ts';

interface Roles {
  readonly roles: readonly string[];
  readonly tenant: { readonly id: number; readonly of: readonly { readonly name: string }[] } | null;
}

const isText = (value: unknown): value is string => typeof value === 'string';

const roleClaims: OwnClaims<Roles> = {
  write: ({ roles, tenant }) => ({ roles, tenant }),
  read: ({ roles, tenant = null }) =>
    Array.isArray(roles) && roles.every(isText) ? { roles, tenant: tenant as Roles['tenant'] } : undefined,
};

const ringOf = async () => ({ signing: await secretKey(secret(1)), verifying: [] });

async function codecOf<Own extends object>(own: OwnClaims<Own>): Promise<TokenCodec<AccessTokenClaims & Own>> {
  const ring = await ringOf();
  return joseAccessTokenCodec({ keyRing: () => ring, issuer: ISSUER, audience: AUDIENCE, own });
}

const INVALID = { ok: false, error: { kind: 'token-invalid' } };
const ROLES: Roles = { roles: ['editor', 'ünïcode'], tenant: { id: 7, of: [{ name: 'a' }] } };

function right<T>(result: Result<T, unknown>): T {
  assert.ok(result.ok, JSON.stringify(result));
  return result.value;
}

describe('claims of a service', () => {
  it('are in the token beside the standard ones, and come back with their types', async () => {
    const codec = await codecOf(roleClaims);
    const token = await codec.sign({ ...claims(3), ...ROLES });
    const { payload } = takeApart(token);
    assert.deepEqual([payload.roles, payload.tenant, payload.iss], [ROLES.roles, ROLES.tenant, ISSUER]);
    const read = right(await codec.verify(token, NOON));
    const roles: readonly string[] = read.roles;
    assert.deepEqual({ ...read, roles }, { ...claims(3), ...ROLES });
    // @ts-expect-error no such claim
    assert.equal(read.role, undefined);
  });

  it('cannot be changed by one request for another', async () => {
    const codec = await codecOf(roleClaims);
    const token = await codec.sign({ ...claims(3), ...ROLES });
    const read = right(await codec.verify(token, NOON));
    assert.throws(() => (read.roles as string[]).push('administrator'), TypeError);
    assert.throws(() => Object.assign(read.tenant?.of[0] ?? {}, { name: 'b' }), TypeError);
    assert.deepEqual(right(await codec.verify(token, NOON)), { ...claims(3), ...ROLES });
  });

  it('make a token invalid where they are missing or of another type', async () => {
    const codec = await codecOf(roleClaims);
    const before = await (await openCodec()).codec.sign(claims(3));
    assert.deepEqual(await codec.verify(before, NOON), INVALID);
    for (const roles of ['editor', null, [1], { 0: 'editor' }]) {
      const other = await codecOf<{ readonly roles: ClaimValue }>({
        write: (own) => ({ roles: own.roles }),
        read: () => undefined,
      });
      const token = await other.sign({ ...claims(3), roles });
      assert.deepEqual(await codec.verify(token, NOON), INVALID, JSON.stringify(roles));
    }
  });

  it('are none for a codec that knows none of them', async () => {
    const token = await (await codecOf(roleClaims)).sign({ ...claims(3), ...ROLES });
    assert.deepEqual(await (await openCodec()).codec.verify(token, NOON), ok(claims(3)));
  });

  it('are never those of the standard', async () => {
    for (const name of ['iss', 'sub', 'aud', 'exp', 'nbf', 'iat', 'jti', 'sid', 'admin']) {
      const codec = await codecOf({ write: () => ({ [name]: 'mine' }), read: () => ({}) });
      await assert.rejects(codec.sign(claims(3)), new RegExp(`^TypeError: ${name} is a standard claim`));
    }
    const codec = await codecOf({ write: () => ({ toString: 'mine', ['__proto__']: 'mine' }), read: () => ({}) });
    right(await codec.verify(await codec.sign(claims(3)), NOON));
  });

  it('never make a token that is too long to be taken', async () => {
    const codec = await codecOf(roleClaims);
    const signed = (count: number) => codec.sign({ ...claims(3), roles: Array(count).fill('editor'), tenant: null });
    right(await codec.verify(await signed(200), NOON));
    await assert.rejects(signed(400), RangeError);
  });

  it('can be whatever JSON can be', async () => {
    const codec = await codecOf<{ readonly own: ClaimValue }>({
      write: ({ own }) => ({ own }),
      read: ({ own }) => ({ own: own as ClaimValue }),
    });
    await fc.assert(
      fc.asyncProperty(fc.jsonValue({ maxDepth: 4 }), async (value) => {
        const own = JSON.parse(JSON.stringify(value)) as ClaimValue;
        const token = await codec.sign({ ...claims(3), own }).catch((fault: unknown) => {
          assert.ok(fault instanceof RangeError);
          return undefined;
        });
        if (token === undefined) return;
        assert.deepEqual(right(await codec.verify(token, NOON)).own, own);
      }),
      { numRuns: 200 },
    );
  });
});
