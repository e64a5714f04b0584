import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { introspector, type VerifierOptions, type VerifyBearer, verifyBearer } from '@portcullis/verifier';
import { CLIENT, type Issuer, listen, startIssuer } from './support.ts';

const encoded = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

async function statusOf(verify: VerifyBearer, token: string): Promise<number> {
  const verified = await verify(`Bearer ${token}`);
  return verified.ok ? 200 : verified.status;
}

describe('verifyBearer()', () => {
  let issuer: Issuer;
  before(async () => {
    issuer = await startIssuer();
    await issuer.register('one@example.org');
  });
  after(() => issuer.close());
  const logIn = async () => (await issuer.logIn('one@example.org')).access_token;
  const { issuer: iss, audience: aud } = { issuer: 'portcullis', audience: 'portcullis-api' };

  it('takes a token in force, in any case of the scheme', async () => {
    const verify = verifyBearer(issuer.options);
    const token = await logIn();
    for (const scheme of ['Bearer', 'bearer', 'BEARER  ']) {
      const verified = await verify(`${scheme} ${token}`);
      assert.ok(verified.ok);
      assert.deepEqual(Object.keys(verified.token).sort(), ['admin', 'exp', 'iat', 'jti', 'sid', 'sub']);
    }
  });

  it('refuses whatever is none, without a question about it', async (t) => {
    let asked = 0;
    const counting = await listen((_request, response) => {
      asked += 1;
      response.end('{"active":true}');
    });
    t.after(() => counting.close());
    const verify = verifyBearer({ ...issuer.options, introspection: { ...CLIENT, url: counting.url } });
    const token = await logIn();
    const [head = '', body = '', mac = ''] = token.split('.');
    const { keys } = (await (await fetch(issuer.options.jwksUrl)).json()) as { keys: [{ x: string; kid: string }] };
    const secretOfPublic = (() => {
      const input = `${encoded({ alg: 'HS256', typ: 'at+jwt', kid: keys[0].kid })}.${body}`;
      return `${input}.${createHmac('sha256', keys[0].x).update(input).digest('base64url')}`;
    })();
    for (const text of [
      undefined,
      '',
      'Bearer',
      'Bearer ',
      token,
      `Basic ${token}`,
      `Bearer ${token} ${token}`,
      `Bearer ${head}.${body}`,
      `Bearer ${head}.${body}.${mac.slice(1)}`,
      `Bearer ${encoded({ alg: 'none', typ: 'at+jwt' })}.${body}.`,
      `Bearer ${secretOfPublic}`,
      `Bearer ${'x'.repeat(10_000)}`,
    ]) {
      const verified = await verify(text);
      assert.equal(verified.ok ? 200 : verified.status, 401, text?.slice(0, 40));
    }
    assert.equal(asked, 0);
  });

  it('refuses a token of another issuer, and one for somebody else', async () => {
    const token = await logIn();
    const { introspection, jwksUrl } = issuer.options;
    for (const by of [
      { jwksUrl, introspection },
      { jwksUrl },
      { introspection },
    ] satisfies Partial<VerifierOptions>[]) {
      assert.equal(await statusOf(verifyBearer({ issuer: iss, audience: aud, ...by }), token), 200);
      assert.equal(await statusOf(verifyBearer({ issuer: 'other', audience: aud, ...by }), token), 401);
      assert.equal(await statusOf(verifyBearer({ issuer: iss, audience: 'other', ...by }), token), 401);
    }
  });

  it('refuses a refresh token, and a token whose user is disabled', async () => {
    const verify = verifyBearer(issuer.options);
    const byIntrospection = verifyBearer({
      ...{ issuer: iss, audience: aud },
      introspection: issuer.options.introspection,
    });
    const { access_token: access, refresh_token: refresh } = await issuer.register('two@example.org');
    for (const each of [verify, byIntrospection]) {
      assert.equal(await statusOf(each, refresh), 401);
      assert.equal(await statusOf(each, access), 200);
    }
    await issuer.cli('users', 'disable', 'two@example.org');
    for (const each of [verify, byIntrospection]) assert.equal(await statusOf(each, access), 401);
  });

  it('tells the role of now, and without introspection the one in the token', async () => {
    const { introspection: _none, ...byKeys } = issuer.options;
    const { access_token: token } = await issuer.register('three@example.org');
    await issuer.cli('users', 'promote', 'three@example.org');
    for (const [options, admin] of [
      [issuer.options, true],
      [byKeys, false],
    ] as const) {
      const verified = await verifyBearer(options)(`Bearer ${token}`);
      assert.equal(verified.ok && verified.token.admin, admin);
    }
  });

  it('takes a revoked token for as long as it is allowed to be stale, and not at all by default', async () => {
    const { introspection } = issuer.options;
    const stale = verifyBearer({
      ...issuer.options,
      introspection: { ...introspection, maximumStalenessMs: 600_000 },
    });
    const fresh = verifyBearer(issuer.options);
    const token = await logIn();
    for (const verify of [stale, fresh]) assert.equal(await statusOf(verify, token), 200);
    await issuer.post('/auth/logout', token);
    assert.equal(await statusOf(stale, token), 200);
    assert.equal(await statusOf(fresh, token), 401);
  });

  it('takes tokens of a new key, once it is published', async () => {
    const verify = verifyBearer(issuer.options);
    assert.equal(await statusOf(verify, await logIn()), 200);
    await issuer.cli('keys', 'rotate', '--at-once');
    const before = (await logIn()).split('.')[0];
    const since = performance.now();
    const left = () => assert.ok(performance.now() - since < 30_000, 'still refused');
    // The node that issues looks for new keys every few seconds, and so does the verifier.
    while ((await logIn()).split('.')[0] === before) left();
    while ((await statusOf(verify, await logIn())) !== 200) left();
  });

  it('answers 503 where the keys or the answer cannot be had', async (t) => {
    const token = await logIn();
    const broken = await listen((_request, response) => response.writeHead(500).end());
    t.after(() => broken.close());
    const strange = await listen((_request, response) => response.end('{"hello":1}'));
    t.after(() => strange.close());
    for (const url of [broken.url, strange.url, 'http://127.0.0.1:9/']) {
      const withoutKeys = verifyBearer({ ...issuer.options, jwksUrl: url });
      const withoutAnswer = verifyBearer({ ...issuer.options, introspection: { ...CLIENT, url } });
      for (const verify of [withoutKeys, withoutAnswer]) {
        const verified = await verify(`Bearer ${token}`);
        assert.ok(!verified.ok);
        assert.equal(verified.status, 503, verified.reason);
        assert.ok(Number(verified.headers['Retry-After']) > 0);
        assert.ok(!JSON.stringify(verified).includes(token));
      }
    }
    const asStranger = { ...issuer.options.introspection, clientSecret: 'x'.repeat(32) };
    assert.equal(await statusOf(verifyBearer({ ...issuer.options, introspection: asStranger }), token), 503);
  });

  it('is not to be had with nothing to check by', () => {
    assert.throws(() => verifyBearer({ issuer: iss, audience: aud }), TypeError);
  });
});

describe('verifyBearer() where tokens are signed with a secret', () => {
  it('goes by introspection alone', async () => {
    const issuer = await startIssuer({ TOKEN_ALGORITHM: 'HS256' });
    try {
      const { introspection } = issuer.options;
      const verify = verifyBearer({ issuer: 'portcullis', audience: 'portcullis-api', introspection });
      const { access_token: token } = await issuer.register('one@example.org');
      assert.equal(await statusOf(verify, token), 200);
      await issuer.post('/auth/logout-all', token);
      assert.equal(await statusOf(verify, token), 401);
      assert.equal(await statusOf(verifyBearer(issuer.options), token), 401, 'no key is published');
    } finally {
      await issuer.close();
    }
  });
});

describe('introspector()', () => {
  const told = { sub: 's', sid: 'i', jti: 'j', iss: 'p', aud: 'a', exp: 2, iat: 1, admin: false };

  /** Answers that a token is active until told otherwise, and counts. */
  async function endpoint(takesTime = () => {}) {
    let active = true;
    let asked = 0;
    const server = await listen((_request, response) => {
      asked += 1;
      takesTime();
      response.end(JSON.stringify(active ? { active, token_type: 'Bearer', ...told } : { active }));
    });
    return {
      ...server,
      asked: () => asked,
      revoke() {
        active = false;
      },
    };
  }

  it('asks for each request by default', async (t) => {
    const server = await endpoint();
    t.after(() => server.close());
    const introspect = introspector({ url: server.url, ...CLIENT });
    for (let n = 1; n <= 3; n += 1) {
      assert.deepEqual(await introspect('t'), told);
      assert.equal(server.asked(), n);
    }
    server.revoke();
    assert.equal(await introspect('t'), undefined);
  });

  it('goes by an answer for as long as it was told, from the moment of asking, and no longer', async (t) => {
    let now = 0;
    // An answer takes half of the time that it may be gone by.
    const server = await endpoint(() => {
      now += 50;
    });
    t.after(() => server.close());
    const introspect = introspector({ url: server.url, ...CLIENT, maximumStalenessMs: 100 }, () => now);
    assert.deepEqual(await introspect('t'), told);
    server.revoke();
    now = 99;
    assert.deepEqual(await introspect('t'), told);
    assert.equal(server.asked(), 1);
    now = 100;
    assert.equal(await introspect('t'), undefined);
    assert.equal(await introspect('t'), undefined);
    assert.equal(server.asked(), 2);
  });

  it('remembers no more tokens than it may', async (t) => {
    const server = await endpoint();
    t.after(() => server.close());
    const options = { url: server.url, ...CLIENT, maximumStalenessMs: 1000, rememberedTokens: 2 };
    const introspect = introspector(options, () => 0);
    for (const token of ['a', 'b', 'c', 'b', 'c', 'a']) await introspect(token);
    assert.equal(server.asked(), 4);
  });
});
