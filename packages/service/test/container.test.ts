import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Clock, UserStore } from '@portcullis/domain';
import { bindAll, createContainer, getAll, type InjectionKey, injectionKey } from '../src/composition/container.ts';
import { injectionKeys as keys } from '../src/composition/parts.ts';

describe('the container', () => {
  it('builds each thing once, when it is first asked for', () => {
    const { bind, get } = createContainer();
    let built = 0;
    bind(keys.newUuid, () => {
      built += 1;
      return () => 'id';
    });
    assert.equal(built, 0);
    assert.equal(get(keys.newUuid), get(keys.newUuid));
    assert.equal(built, 1);
  });

  it('shares nothing with another one', () => {
    const [one, other] = [createContainer(), createContainer()];
    one.bind(keys.newUuid, () => () => 'one');
    assert.throws(() => other.get(keys.newUuid), /newUuid/);
    other.bind(keys.newUuid, () => () => 'other');
    assert.equal(one.get(keys.newUuid)(), 'one');
    assert.equal(other.get(keys.newUuid)(), 'other');
  });

  it('names the key that nothing is bound to', () => {
    assert.throws(() => createContainer().get(keys.hasher), /hasher/);
  });

  it('has the last thing that was bound to a key', () => {
    const { bind, get } = createContainer();
    bind(keys.newUuid, () => () => 'first');
    bind(keys.newUuid, () => () => 'last');
    assert.equal(get(keys.newUuid)(), 'last');
  });

  it('binds and builds several at once', () => {
    const container = createContainer();
    const some = { one: injectionKey<number>('one'), two: injectionKey<string>('two') };
    bindAll(container, some, { one: () => 1, two: (get) => `${get(some.one)} and 2` });
    assert.deepEqual(getAll(container, some), { one: 1, two: '1 and 2' });
  });

  // The build checks this one: a line that compiles under `@ts-expect-error` is an error.
  it('takes nothing that does not fit its key', () => {
    const { bind, get } = createContainer();
    const users: InjectionKey<UserStore> = keys.users;
    // @ts-expect-error nothing at all
    bind(users, () => undefined);
    // @ts-expect-error none of the methods
    bind(users, () => ({}));
    // @ts-expect-error a bare symbol says nothing of what is bound to it
    bind(Symbol('users'), () => ({}));
    // @ts-expect-error nor can anything be got by it
    assert.throws(() => get(Symbol('users')));
    // @ts-expect-error nor is one a key by being called so
    const named: InjectionKey<UserStore> = Symbol('users');
    assert.equal(typeof named, 'symbol');
    // @ts-expect-error a key of something wider, through which anything could be bound
    const wider: InjectionKey<Pick<UserStore, 'byId'>> = users;
    // @ts-expect-error a key of something narrower, by which what is bound would be taken for more than it is
    const narrower: InjectionKey<UserStore & { readonly more: true }> = users;
    assert.equal(wider, narrower);
    // @ts-expect-error a key that was made without a type
    bind(injectionKey('anything'), () => undefined);
    // @ts-expect-error a function of another result
    bind(keys.clock, () => () => 'noon');
    // @ts-expect-error one that waits
    bind(keys.clock, async (): Promise<Clock> => get(keys.clock));
    // @ts-expect-error one of the keys is forgotten
    bindAll({ bind, get }, { clock: keys.clock, users }, { clock: (got) => got(keys.clock) });
    // @ts-expect-error one of them has something of another
    bindAll({ bind, get }, { clock: keys.clock }, { clock: (got) => got(users) });
  });
});
