import { err, ok, type Result } from '@portcullis/domain';
import type { KeyListing } from '@portcullis/security';
import { type Command, type Leaf, type Refusal, type Report, table } from '@portcullis/service';
import type { ApiParts } from '../use-cases.ts';

/** `keys list | rotate | retire`: what access tokens are signed with. */
export function keysCommand(
  program: Command,
  leaf: Leaf<Pick<ApiParts, 'keyRing' | 'tokenSecrets' | 'clock' | 'emit'>>,
): void {
  const keys = program.command('keys').description('The keys that access tokens are signed with');

  const list = leaf(keys, 'list', 'List every key and what it is for now');
  list.command.action(() => list.answersOn(async ({ keyRing }) => ok(listed(await keyRing.list()))));

  const rotate = leaf(
    keys,
    'rotate',
    'Make a new key, publish it, and have it sign once it was published for long enough',
  );
  rotate.command
    .option('--at-once', 'Sign with it at once; whoever has fetched the keys before does not know it yet')
    .addOption(
      rotate.command
        .createOption('--algorithm <ALGORITHM>', 'What it signs with; as the newest key does where it is left out')
        .choices(ALGORITHMS),
    )
    .action(({ atOnce = false, algorithm }: { atOnce?: boolean; algorithm?: (typeof ALGORITHMS)[number] }) =>
      rotate.answersOn(async ({ keyRing, tokenSecrets, clock, emit }): Promise<Result<Report, Refusal>> => {
        if (!tokenSecrets.kept) return err(SECRET_MISSING);
        const rotated = await keyRing.rotate({ atOnce, ...(algorithm && { algorithm }) });
        if (!rotated.ok) {
          const { kind: reason } = rotated.error;
          emit({ event: { kind: 'key-change-refused', reason, by: 'operator' }, at: clock() });
          return err({ kind: reason, message: refusals[reason]() });
        }
        const key = rotated.value;
        emit({ event: { kind: 'key-added', kid: key.kid, by: 'operator' }, at: clock() });
        return ok(made(key));
      }, 'write'),
    );

  const retire = leaf(keys, 'retire', 'Believe a key no more: its tokens are refused on every node within seconds');
  retire.command.argument('<KID>').action((kid: string) =>
    retire.answersOn(async ({ keyRing, clock, emit }): Promise<Result<Report, Refusal>> => {
      const retired = await keyRing.retire(kid);
      if (!retired.ok) {
        const { kind: reason } = retired.error;
        emit({ event: { kind: 'key-change-refused', kid, reason, by: 'operator' }, at: clock() });
        return err({ kind: reason, message: refusals[reason](kid) });
      }
      emit({ event: { kind: 'key-retired', kid, by: 'operator' }, at: clock() });
      return ok({ data: { kid, retired: true }, text: () => [`${kid} is retired.`] });
    }),
  );
}

const ALGORITHMS = ['HS256', 'EdDSA', 'ES256'] as const;

const SECRET_MISSING: Refusal = {
  kind: 'token-secret-missing',
  message: 'there is no TOKEN_SECRET and none is kept in DATA_DIR; `serve` makes one, and the first key with it',
};

const refusals = {
  'key-not-found': (kid: string) => `${kid} is no key that could be retired`,
  'key-in-use': (kid: string) => `${kid} signs; \`keys rotate --at-once\` first`,
  'keys-unreadable': () =>
    'none of the keys in the store is sealed under this TOKEN_SECRET; if the secret is the right one, start `serve` first: it makes a key',
};

/** ISO 8601. */
const time = (at: number): string => new Date(at).toISOString();

const data = ({ kid, algorithm, state, createdAt, signsFrom, sealedUnderPrevious }: KeyListing) => ({
  ...{ kid, algorithm, state },
  sealed_under: state === 'unreadable' || state === 'retired' ? null : sealedUnderPrevious ? 'previous' : 'current',
  created_at: time(createdAt),
  signs_from: time(signsFrom),
});

const listed = (keys: readonly KeyListing[]): Report => ({
  data: keys.map(data),
  text: (style) =>
    keys.length === 0
      ? ['There are no keys yet; `serve` makes the first one.']
      : table(
          style,
          ['KID', 'ALGORITHM', 'STATE', 'SIGNS FROM', 'SEALED UNDER'],
          keys
            .map(data)
            .map((key) => [
              ...[key.kid, key.algorithm, key.state, key.signs_from],
              key.sealed_under === 'previous'
                ? 'TOKEN_SECRET_PREVIOUS'
                : key.sealed_under === 'current'
                  ? 'TOKEN_SECRET'
                  : '',
            ]),
        ),
});

const made = (key: KeyListing): Report => ({
  data: data(key),
  text: () => [`${key.kid} (${key.algorithm}) is published, and signs from ${time(key.signsFrom)} on.`],
});
