import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { chapter, each, needing } from './case.ts';
import { answers, atOnce, challenges, MISSING, refusesFields, tally, USER_REALM } from './expect.ts';
import { type Answer, fieldOf, newEmail, PASSWORD, stringIn, type World, worldOf } from './world.ts';

const PATHS = ['/auth/register', '/auth/login'] as const;
const MISMATCH = 'email or password does not match';
const TOKEN_FIELDS = ['access_token', 'token_type', 'expires_in', 'refresh_token', 'token'];

function isToken(world: World, answer: Answer, status: number, message: string): void {
  assert.equal(answer.status, status, answer.text);
  assert.equal(fieldOf(answer, 'status'), 'success');
  assert.equal(fieldOf(answer, 'message'), message);
  assert.match(stringIn(answer, 'access_token'), /^[\w-]+\.[\w-]+\.[\w-]+$/);
  assert.equal(fieldOf(answer, 'token_type'), 'bearer');
  assert.equal(fieldOf(answer, 'expires_in'), world.target.lifetimeSeconds);
  assert.equal(answer.header('Cache-Control'), 'no-store');
  assert.equal(answer.header('Pragma'), 'no-cache');
}

function hasNoToken(answer: Answer): void {
  for (const field of TOKEN_FIELDS) assert.ok(!(field in (answer.json as object)), answer.text);
}

function mismatch(answer: Answer): void {
  challenges(answer, 401, MISMATCH, `Bearer realm="${USER_REALM}"`);
}

const post = (world: World, path: string, email: string, password: string): Promise<Answer> =>
  // As JSON, which can say every text there is.
  world.send('POST', path, { json: { email, password } });

const REFUSED_EMAILS: Readonly<Record<string, readonly string[]>> = {
  'no @, or more than one': ['', 'first last', 'nobody', 'a@b@c.example', 'a@@c.example'],
  'nothing before the @, or a dot at its end': ['@c.example', 'a.@c.example'],
  'nothing after the @, or nothing before a dot there': ['a@', 'a@.', 'a@.com', 'a@\u3002com'],
  'two dots in a row, on either side': ['a..b@c.example', 'a@c..example', '..a@c.example', 'a@c.example..'],
  localhost: ['a@localhost', 'a@LOCALHOST'],
  'an IP address': ['a@127.0.0.1', 'a@8.8.8.8', 'a@[127.0.0.1]', 'a@[IPv6:::1]', 'a@::1', 'a@2001:db8::1'],
  'more than 254 characters': [`${'a'.repeat(245)}@c.example`],
  'more than 64 octets before the @, or 254 in all': [
    `${'a'.repeat(65)}@c.example`,
    `${'é'.repeat(33)}@c.example`,
    `${'a'.repeat(64)}@${'b.'.repeat(91)}examples`,
  ],
  'a domain that none can be': ['a@xn--a.example', 'a@b\uff20c.example'],
  'white space': [
    'a b@c.example',
    ' a@c.example',
    'a@c.example ',
    'a@c.example\n',
    'a\t@c.example',
    'a@c\u00a0d.example',
  ],
  'a control character': ['a\u0000@c.example', 'a\u0007@c.example', 'a@c.example\u007f', 'a\u0085@c.example'],
  'a format character': ['a\u200b@c.example', '\u202ea@c.example', 'a\u00ad@c.example', '\ufeffa@c.example'],
  'any of <>(),;:"\\': [...'<>(),;:"\\'].map((sign) => `a${sign}b@c.example`),
};

const ACCEPTED_EMAILS: Readonly<Record<string, (unique: string) => string>> = {
  'the usual form': (unique) => `${unique}@c.example`,
  'a domain without a dot': (unique) => `a@${unique}`,
  'a dot at the beginning': (unique) => `.${unique}@c.example`,
  'signs that need no quotes': (unique) => `${unique}.!#$%&'*+-/=?^_{|}~@c.example`,
  'letters beyond ASCII': (unique) => `jürgen.${unique}@müller.example`,
  'a domain that begins like an address': (unique) => `${unique}@127.0.0.1.example`,
  'a domain that contains localhost': (unique) => `${unique}@localhost.example`,
  '254 characters, 64 of them before the @': (unique) =>
    `${unique}${'a'.repeat(64 - unique.length)}@${'b.'.repeat(91)}exampl`,
};

/** A 503 of a full hashing queue is an invitation to come again. */
async function untilServed(call: () => Promise<Answer>): Promise<Answer> {
  for (;;) {
    const answer = await call();
    if (answer.status !== 503) return answer;
    await delay(Number(answer.header('Retry-After')) * 1000);
  }
}

export const register = chapter('register and log in', {
  async 'register: 201 with the token fields, no-store and no-cache; the token finds the user, no administrator'(
    world,
  ) {
    const email = newEmail();
    const answer = await world.send('POST', '/auth/register', { form: { email, password: PASSWORD } });
    isToken(world, answer, 201, 'successfully registered');
    const user = await world.send('GET', '/auth/user', { token: stringIn(answer, 'access_token') });
    assert.equal(fieldOf(user, 'email'), email);
    assert.equal(fieldOf(user, 'admin'), false);
  },

  async 'log in: 200 with the token fields, no-store and no-cache; the token finds the user'(world) {
    const { email, password } = await world.register();
    const answer = await world.send('POST', '/auth/login', { form: { email, password } });
    isToken(world, answer, 200, 'successfully logged in');
    const user = await world.send('GET', '/auth/user', { token: stringIn(answer, 'access_token') });
    assert.equal(fieldOf(user, 'email'), email);
  },

  async 'email and password are required, each with the reason'(world) {
    for (const path of PATHS) {
      for (const [form, reasons] of [
        [{}, { email: MISSING, password: MISSING }],
        [{ email: newEmail() }, { password: MISSING }],
        [{ password: PASSWORD }, { email: MISSING }],
        [{ email: 'first last' }, { email: 'first last is not a valid email', password: MISSING }],
        [
          { email: 'first last', password: '' },
          { email: 'first last is not a valid email', password: undefined },
        ],
      ] as const) {
        const answer = await world.send('POST', path, { form });
        refusesFields(answer, reasons);
        hasNoToken(answer);
      }
    }
  },

  async 'a wrong email alone does not blame the password'(world) {
    for (const path of PATHS) {
      const answer = await post(world, path, 'first last', PASSWORD);
      refusesFields(answer, { email: 'first last is not a valid email' });
      hasNoToken(answer);
    }
  },

  ...each(REFUSED_EMAILS, 'email, refused', async (world, emails) => {
    for (const path of PATHS) {
      for (const email of emails) {
        refusesFields(await post(world, path, email, PASSWORD), { email: `${email} is not a valid email` });
      }
    }
  }),

  async 'email, refused: a lone surrogate'(world) {
    for (const path of PATHS) {
      for (const email of ['a\ud800@c.example', '\udc00a@c.example']) {
        refusesFields(await post(world, path, email, PASSWORD), { email: undefined });
      }
    }
  },

  ...each(ACCEPTED_EMAILS, 'email, accepted', async (world, emailOf) => {
    const email = emailOf(newEmail().slice(0, 36));
    const { token } = await world.register({ email });
    assert.equal(fieldOf(await world.send('GET', '/auth/user', { token }), 'email'), email);
    await world.logIn({ email, password: PASSWORD });
  }),

  async 'an empty password is refused on both'(world) {
    const { email } = await world.register();
    refusesFields(await post(world, '/auth/register', newEmail(), ''), { password: undefined });
    refusesFields(await post(world, '/auth/login', email, ''), { password: undefined });
  },

  async 'a new password has 8 to 1,024 characters, however many bytes they are'(world) {
    for (const password of ['kq7!x.z', '😀'.repeat(7), 'kq7!x.z8'.repeat(128).concat('x')]) {
      refusesFields(await post(world, '/auth/register', newEmail(), password), { password: undefined });
    }
    for (const password of ['kq7!x.z8', '😀'.repeat(8), 'kq7!x.z8'.repeat(128), '😀'.repeat(1024)]) {
      const email = newEmail();
      assert.equal((await post(world, '/auth/register', email, password)).status, 201, password);
      assert.equal((await post(world, '/auth/login', email, password)).status, 200, password);
    }
  },

  async 'a new password is no common one, in whatever case'(world) {
    for (const password of ['password1', 'iloveyou', '12345678', 'Football', 'PASSWORD1']) {
      refusesFields(await post(world, '/auth/register', newEmail(), password), { password: undefined });
    }
  },

  async 'a new password is not the email, in whatever case'(world) {
    const email = newEmail();
    for (const password of [email, email.toUpperCase()]) {
      refusesFields(await post(world, '/auth/register', email, password), { password: undefined });
    }
    assert.equal((await post(world, '/auth/register', email, `${email}!`)).status, 201);
  },

  async 'the rules of a new password are not those of a login'(world) {
    const { email } = await world.register();
    for (const password of ['x', 'password1', email, 'x'.repeat(2000)]) {
      mismatch(await post(world, '/auth/login', email, password));
    }
  },

  'the shortest length and the list of common passwords are settings': needing(
    ['another'],
    async (_world, { another }) => {
      const longer = worldOf(await another({ PASSWORD_MIN_LENGTH: '12' }));
      refusesFields(await post(longer, '/auth/register', newEmail(), 'kq7!x.z8kq7'), { password: undefined });
      assert.equal((await post(longer, '/auth/register', newEmail(), 'kq7!x.z8kq7!')).status, 201);
      const shorter = worldOf(await another({ PASSWORD_MIN_LENGTH: '4' }));
      assert.equal((await post(shorter, '/auth/register', newEmail(), 'kq7!')).status, 201);
    },
  ),

  async 'nothing of a password is cut, folded or trimmed'(world) {
    const long = 'correct horse battery staple '.repeat(4);
    for (const [password, ...others] of [
      [long, long.slice(0, 72), long.slice(0, -1), `${long} `, `${long.slice(0, -1)}x`],
      [' in blanks ', 'in blanks', ' in blanks', 'in blanks '],
      ['Letter Case', 'letter case', 'LETTER CASE'],
      ['caf\u00e9 composed', 'cafe composed'],
    ] as const) {
      const email = newEmail();
      assert.equal((await post(world, '/auth/register', email, password)).status, 201);
      for (const other of others) mismatch(await post(world, '/auth/login', email, other));
      assert.equal((await post(world, '/auth/login', email, password)).status, 200);
    }
  },

  async 'a password has no U+0000 and no lone surrogate, on both'(world) {
    const { email } = await world.register();
    for (const password of ['nul\u0000 and after', 'nul and after\u0000', 'half \ud800 a pair']) {
      refusesFields(await post(world, '/auth/register', newEmail(), password), { password: undefined });
      refusesFields(await post(world, '/auth/login', email, password), { password: undefined });
    }
  },

  async 'the password is in no answer'(world) {
    const { email, token } = await world.register();
    for (const answer of [
      await post(world, '/auth/login', email, PASSWORD),
      await post(world, '/auth/register', email, PASSWORD),
      await post(world, '/auth/login', email, `${PASSWORD}!`),
      await post(world, '/auth/register', newEmail(), 'short!7'),
      await world.send('GET', '/auth/user', { token }),
    ]) {
      assert.ok(!answer.text.includes(PASSWORD) && !answer.text.includes('short!7'), answer.text);
      assert.doesNotMatch(answer.text, /argon2|password_hash/i);
    }
  },

  async 'register, email in use: 409 with the email as sent, without a token, and the first password stays'(world) {
    const { email } = await world.register();
    const answer = await post(world, '/auth/register', email, 'another passphrase');
    answers(answer, 409, { status: 'fail', message: `${email} is already registered` });
    mismatch(await post(world, '/auth/login', email, 'another passphrase'));
    assert.equal((await post(world, '/auth/login', email, PASSWORD)).status, 200);
  },

  async 'emails are compared without letter case, and shown as registered'(world) {
    const email = `Some.One-${newEmail().toUpperCase()}`;
    const { token } = await world.register({ email });
    for (const spelling of [email.toLowerCase(), email.toUpperCase()]) {
      const taken = await post(world, '/auth/register', spelling, PASSWORD);
      answers(taken, 409, { status: 'fail', message: `${spelling} is already registered` });
      const answer = await post(world, '/auth/login', spelling, PASSWORD);
      isToken(world, answer, 200, 'successfully logged in');
      const user = await world.send('GET', '/auth/user', { token: stringIn(answer, 'access_token') });
      assert.equal(fieldOf(user, 'email'), email);
      assert.deepEqual(
        fieldOf(user, 'public_id'),
        fieldOf(await world.send('GET', '/auth/user', { token }), 'public_id'),
      );
    }
  },

  async 'log in, unknown email and wrong password: the same 401 byte for byte, with a challenge, without a token'(
    world,
  ) {
    const { email } = await world.register();
    const unknown = await post(world, '/auth/login', newEmail(), PASSWORD);
    const wrong = await post(world, '/auth/login', email, `${PASSWORD}!`);
    mismatch(unknown);
    assert.equal(wrong.text, unknown.text);
    assert.equal(wrong.status, unknown.status);
    const constant = ({ rawHeaders }: Answer) =>
      rawHeaders.filter((_text, index) => !/^(?:date|x-request-id)$/i.test(rawHeaders[index - (index % 2)] ?? ''));
    assert.deepEqual(constant(wrong), constant(unknown));
  },

  'log in, disabled or removed: the same 401': needing(['operator'], async (world, { operator }) => {
    const { email } = await world.register();
    await operator.disable(email);
    mismatch(await post(world, '/auth/login', email, PASSWORD));
    await operator.remove(email);
    mismatch(await post(world, '/auth/login', email, PASSWORD));
  }),

  async '50 registrations of one email at once: one 201 and 49 times 409'(world) {
    const email = newEmail();
    const answered = await atOnce(50, (index) =>
      untilServed(() => post(world, '/auth/register', index % 2 ? email : email.toUpperCase(), PASSWORD)),
    );
    assert.deepEqual(tally(answered), { 201: 1, 409: 49 });
  },
});
