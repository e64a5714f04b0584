import { randomUUID } from 'node:crypto';
import { BASE_PATH } from '@portcullis/api';
import { type AccessChange, ok, parseNewPassword, type Result, type UserId } from '@portcullis/domain';
import { type CommonParts, exitCodes, type Io, type Refusal, type Report, table } from '@portcullis/service';
import type { NodeProcess } from './node-process.ts';
import { onNodes } from './on-nodes.ts';

const NODES = 3;
/** How often each node is asked after an event: a refusal must stay one. */
const ASKED_EACH = 5;

/** What was seen of one way to lose access. */
interface Proof {
  readonly event: string;
  readonly rounds: number;
  /** Requests sent to the other nodes after the event was acknowledged. */
  readonly asked: number;
  /** How many of them were served all the same; 0 is to be proved. */
  readonly served: number;
  /** From the acknowledgement to the first refusal of the slowest node, in the slowest round. */
  readonly slowestMs: number;
}

/** One way to lose access: who takes it away, a request that was allowed before, and how to get it back. */
export interface Event {
  readonly name: string;
  readonly ask: (node: NodeProcess, token: string) => Promise<Response>;
  readonly takeAway: (token: string, refreshToken: string) => Promise<unknown>;
  readonly giveBack: () => Promise<unknown>;
}

/**
 * Starts three processes on one store, takes access away on one of them or past all of them, and counts what the others still serve
 * once that was acknowledged. An embedded store is one of its own; in MongoDB the users that it adds are removed again, the last one only
 * where there is another administrator.
 */
export async function proveLogout(io: Io, rounds: number): Promise<Result<Report, Refusal>> {
  return onNodes(io, { count: NODES }, async (composition, nodes) => {
    const proofs: Proof[] = [];
    const { events, logIn, tidy } = await eventsOn(composition, nodes);
    try {
      for (const event of events) proofs.push(await prove(event, nodes, rounds, logIn));
    } finally {
      await tidy();
    }
    const proved = proofs.every(({ served }) => served === 0);
    return ok({
      data: { proved, nodes: NODES, events: proofs },
      text: (style) =>
        table(
          style,
          ['EVENT', 'ROUNDS', 'ASKED AFTERWARDS', 'SERVED', 'SLOWEST REFUSAL'],
          proofs.map((proof) => [
            proof.event,
            String(proof.rounds),
            String(proof.asked),
            String(proof.served),
            `${proof.slowestMs.toFixed(1)} ms`,
          ]),
        ),
      exitCode: proved ? exitCodes.done : exitCodes.refused,
    });
  });
}

async function eventsOn(composition: CommonParts, [first]: readonly NodeProcess[]) {
  const text = randomUUID();
  const subject = composition.logins.parse(`prove-${text}@example.org`);
  const keeper = composition.logins.parse(`keep-${text}@example.org`);
  const password = parseNewPassword(composition.passwordPolicy)(text, undefined);
  if (!subject.ok || !keeper.ok || !password.ok || !first)
    throw new TypeError('the settings refuse a user to prove it with');

  const asOperator = async <T>(
    login: typeof subject.value,
    act: (id: UserId) => Promise<T>,
  ): Promise<T | undefined> => {
    const user = await composition.findUser(login);
    return user && act(user.id);
  };
  const changeSubject = (change: AccessChange) =>
    asOperator(subject.value, (id) => composition.changeAccess('operator', id, change));
  const remove = (login: typeof subject.value) => asOperator(login, (id) => composition.removeUser('operator', id));
  const add = (login: typeof subject.value) => composition.addUser({ login, password: password.value, admin: true });
  const logInSubject = () => logIn(first, { email: subject.value, password: password.value });
  // The last administrator could be neither demoted nor removed. Goes again, but where there is no other one.
  await add(keeper.value);
  await add(subject.value);
  const administrator = await logIn(first, { email: keeper.value, password: password.value });
  const publicId = async (token: string): Promise<string> => {
    const { public_id } = (await (await send(first, 'GET', '/auth/user', token)).json()) as { public_id: string };
    return public_id;
  };
  const readUser: Event['ask'] = (node, token) => send(node, 'GET', '/auth/user', token);
  const nothing = async () => undefined;
  const events: readonly Event[] = [
    {
      name: 'logout',
      ask: readUser,
      takeAway: (token) => send(first, 'POST', '/auth/logout', token),
      giveBack: nothing,
    },
    {
      name: 'logout everywhere',
      ask: readUser,
      takeAway: async () => send(first, 'POST', '/auth/logout-all', (await logInSubject()).access),
      giveBack: nothing,
    },
    {
      name: 'password change',
      ask: readUser,
      takeAway: async () => {
        const change = { old_password: password.value, new_password: `new ${password.value}` };
        const own = (await logInSubject()).access;
        await send(first, 'PUT', '/auth/password', own, change);
        const back = { old_password: change.new_password, new_password: change.old_password };
        await send(first, 'PUT', '/auth/password', own, back);
      },
      giveBack: nothing,
    },
    {
      name: 'reuse of a refresh token',
      ask: readUser,
      takeAway: async (_token, refreshToken) => {
        // The second of three is the newest spent one, and would be answered within the grace.
        const spend = async (spent: string) =>
          (await send(first, 'POST', '/auth/refresh', undefined, { refresh_token: spent })).json() as Promise<Tokens>;
        const next = await spend(refreshToken);
        await spend(next.refresh_token);
        await spend(refreshToken);
      },
      giveBack: nothing,
    },
    {
      name: 'sessions ended by an administrator',
      ask: readUser,
      takeAway: async (token) =>
        send(first, 'DELETE', `/users/${await publicId(token)}/sessions`, administrator.access),
      giveBack: nothing,
    },
    {
      name: 'demotion',
      // Without fields, so that an administrator is answered 400 and nothing is created.
      ask: (node, token) => send(node, 'POST', '/widgets', token),
      takeAway: async (token) =>
        send(first, 'PATCH', `/users/${await publicId(token)}`, administrator.access, { admin: 'false' }),
      giveBack: () => changeSubject({ admin: true }),
    },
    {
      name: 'disabling',
      ask: readUser,
      takeAway: async (token) =>
        send(first, 'PATCH', `/users/${await publicId(token)}`, administrator.access, { disabled: 'true' }),
      giveBack: () => changeSubject({ disabled: false }),
    },
    {
      name: 'removal',
      ask: readUser,
      takeAway: async (token) => send(first, 'DELETE', `/users/${await publicId(token)}`, administrator.access),
      giveBack: () => add(subject.value),
    },
    {
      name: 'removal past the API',
      ask: readUser,
      takeAway: () => remove(subject.value),
      giveBack: () => add(subject.value),
    },
  ];
  return {
    events,
    logIn: logInSubject,
    async tidy() {
      await remove(subject.value);
      await remove(keeper.value);
    },
  };
}

export async function prove(
  { name, ask, takeAway, giveBack }: Event,
  nodes: readonly NodeProcess[],
  rounds: number,
  logIn: () => Promise<Pair>,
): Promise<Proof> {
  const others = nodes.slice(1);
  let asked = 0;
  let served = 0;
  let slowestMs = 0;
  for (let round = 0; round < rounds; round += 1) {
    const { access: token, refresh } = await logIn();
    for (const node of others) {
      if (isRefusal(await ask(node, token))) throw new TypeError(`${name} cannot be proved: refused before it`);
    }
    await takeAway(token, refresh);
    const acknowledgedAt = performance.now();
    await Promise.all(
      others.map(async (node) => {
        let refusedAt: number | undefined;
        for (let time = 0; time < ASKED_EACH; time += 1) {
          asked += 1;
          if (isRefusal(await ask(node, token))) refusedAt ??= performance.now();
          else served += 1;
        }
        slowestMs = Math.max(slowestMs, (refusedAt ?? Number.POSITIVE_INFINITY) - acknowledgedAt);
      }),
    );
    await giveBack();
  }
  return { event: name, rounds, asked, served, slowestMs };
}

/** 401 or 403; that a store is away is neither served nor refused, and proves nothing. */
function isRefusal({ status }: Response): boolean {
  if (status >= 500) throw new TypeError(`a node answered ${status}`);
  return status === 401 || status === 403;
}

/** Fields as a form; a refusal is for the caller to see. */
const send = (
  node: NodeProcess,
  method: string,
  path: string,
  token?: string,
  fields?: Readonly<Record<string, string>>,
): Promise<Response> =>
  fetch(`${node.url}${BASE_PATH}${path}`, {
    method,
    headers: token === undefined ? {} : { Authorization: `Bearer ${token}` },
    ...(fields && { body: new URLSearchParams(fields) }),
  });

interface Tokens {
  readonly access_token: string;
  readonly refresh_token: string;
}

interface Pair {
  readonly access: string;
  readonly refresh: string;
}

async function logIn(node: NodeProcess, credentials: Readonly<Record<'email' | 'password', string>>): Promise<Pair> {
  const answer = await send(node, 'POST', '/auth/login', undefined, credentials);
  const { access_token: access, refresh_token: refresh } = (await answer.json()) as Tokens;
  return { access, refresh };
}
