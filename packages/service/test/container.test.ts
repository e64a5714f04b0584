import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createContainer } from '../src/composition/container.ts';
import { commonKeys as keys } from '../src/composition/keys.ts';

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
});
