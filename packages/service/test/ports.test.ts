import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { COMMON_PORTS } from '@portcullis/domain';
import { type CommonParts, defineService, lifetime, settingsOf } from '@portcullis/service';
import { composeForTest, memory, openMemoryStore } from '@portcullis/testing';
import { toy } from './support/toy-service.ts';

const { ports: _ports, newUserId: _newUserId, seed: _seed, tasks: _tasks, settings: _settings, ...base } = toy;
const settings = settingsOf({ ACCESS_TOKEN_LIFETIME_SECONDS: lifetime('a token', { default: 60 }) });

describe('the ports of a service', () => {
  it('are parts of it where it names them, and are asked of its store beside the common ones', async (t) => {
    const asked: (readonly string[])[] = [];
    const counting = defineService({
      ...base,
      settings,
      stores: [
        {
          ...memory(),
          open(given, owner, use) {
            asked.push(owner.ports);
            return memory().open(given, owner, use);
          },
        },
      ],
      ports: ['counters', 'keys'],
      useCases: ({ counters, keys }) => ({ count: () => counters.next('counted'), allKeys: keys.all }),
    });
    const { count, allKeys } = await composeForTest(t, counting, { openStore: undefined as never });
    assert.deepEqual(asked, [[...COMMON_PORTS, 'counters', 'keys']]);
    assert.deepEqual([await count(), await count(), await allKeys()], [1, 2, []]);
  });

  it('are no parts of a service that does not name them, though its store has them', async (t) => {
    const {
      sessions,
      counters,
      keys,
      mailTokens,
      users,
    }: Partial<CommonParts<'sessions' | 'counters' | 'keys' | 'mailTokens'>> = await composeForTest(t, toy, {
      openStore: openMemoryStore,
    });
    assert.deepEqual([sessions, counters, keys, mailTokens], [undefined, undefined, undefined, undefined]);
    assert.ok(users);
  });

  it('are refused at the start where a store does not have them', async (t) => {
    const needing = defineService({ ...base, settings, ports: ['counters'], useCases: () => ({}) });
    const without = async () => {
      const { counters: _none, ...others } = await openMemoryStore(needing, {} as never, 'prepare');
      return others;
    };
    await assert.rejects(composeForTest(t, needing, { openStore: without }), /a port that .* not/);
  });

  // The build checks this one: a line that compiles under `@ts-expect-error` is an error.
  it('are not to be had by a service that does not name them', () => {
    defineService({
      ...{ ...base, settings, ports: ['counters'] },
      // @ts-expect-error it names counters alone
      useCases: ({ sessions }) => ({ sessions }),
    });
    defineService({
      ...{ ...base, settings },
      // @ts-expect-error it names none
      useCases: ({ counters }: CommonParts<'counters'>) => ({ counters }),
    });
    // @ts-expect-error there is no such port
    defineService({ ...base, settings, ports: ['books'] });
  });
});
