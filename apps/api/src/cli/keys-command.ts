import { err, ok, type Result } from '@portcullis/domain';
import type { KeyListing } from '@portcullis/security';
import { type Command, composed, type Io, type Leaf, type Refusal, type Report, table } from '@portcullis/service';

import { api } from '../service.ts';

/** `keys list | rotate | retire`: what access tokens are signed with. */
export function keysCommand(program: Command, leaf: Leaf, io: Io): void {
  const keys = program.command('keys').description('The keys that access tokens are signed with');

  const list = leaf(keys, 'list', 'List every key and what it is for now');
  list.command.action(() =>
    list.answers(() => composed(api, io, async ({ keyRing }) => ok(listed(await keyRing.list())))),
  );

  const rotate = leaf(
    keys,
    'rotate',
    'Make a new key, publish it, and have it sign once it was published for long enough',
  );
  rotate.command
    .option('--at-once', 'Sign with it at once; whoever has fetched the keys before does not know it yet')
    .action(({ atOnce = false }: { atOnce?: boolean }) =>
      rotate.answers(() =>
        composed(api, io, async ({ keyRing, clock, emit }) => {
          const key = await keyRing.rotate({ atOnce });
          emit({ event: { kind: 'key-added', kid: key.kid, by: 'operator' }, at: clock() });
          return ok(made(key));
        }),
      ),
    );

  const retire = leaf(keys, 'retire', 'Believe a key no more: its tokens are refused on every node within seconds');
  retire.command.argument('<KID>').action((kid: string) =>
    retire.answers(() =>
      composed(api, io, async ({ keyRing, clock, emit }): Promise<Result<Report, Refusal>> => {
        const retired = await keyRing.retire(kid);
        if (!retired.ok) return err({ kind: retired.error.kind, message: refusals[retired.error.kind](kid) });
        emit({ event: { kind: 'key-retired', kid, by: 'operator' }, at: clock() });
        return ok({ data: { kid, retired: true }, text: () => `${kid} is retired.` });
      }),
    ),
  );
}

const refusals = {
  'key-not-found': (kid: string) => `${kid} is no key that could be retired`,
  'key-in-use': (kid: string) => `${kid} signs, or is TOKEN_SECRET itself; rotate first, or change the secret`,
};

/** ISO 8601; the first key has been there for ever. */
const time = (at: number): string | null => (at < 0 ? null : new Date(at).toISOString());

const data = ({ kid, algorithm, state, createdAt, signsFrom }: KeyListing) => ({
  ...{ kid, algorithm, state },
  created_at: time(createdAt),
  signs_from: time(signsFrom),
});

const listed = (keys: readonly KeyListing[]): Report => ({
  data: keys.map(data),
  text: (style) =>
    table(
      style,
      ['KID', 'ALGORITHM', 'STATE', 'SIGNS FROM'],
      keys.map((key) => [key.kid, key.algorithm, key.state, time(key.signsFrom) ?? 'the start']),
    ),
});

const made = (key: KeyListing): Report => ({
  data: data(key),
  text: () => `${key.kid} (${key.algorithm}) is published, and signs from ${time(key.signsFrom)} on.`,
});
