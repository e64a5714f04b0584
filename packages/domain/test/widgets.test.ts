import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  changeWidget,
  createWidget,
  getWidget,
  listWidgets,
  putWidget,
  removeWidget,
  Unavailable,
  type User,
  type UserId,
  type WidgetDeps,
} from '@portcullis/domain';
import { movableClock, NOON, userStore, widgetRecords } from './support/ports.ts';
import { administrator, deadline, infoUrl, right, widgetName } from './support/samples.ts';

const content = { infoUrl: infoUrl('https://example.com/info'), deadline: deadline('2037-01-02') };
const otherContent = { infoUrl: infoUrl('https://example.org/'), deadline: deadline('2038-02-03') };

function world(...planted: readonly User[]) {
  const time = movableClock(NOON);
  const deps = { widgets: widgetRecords(), users: userStore(...planted), clock: time.clock };
  return {
    ...{ ...deps, time },
    create: createWidget(deps),
    put: putWidget(deps),
    change: changeWidget(deps),
    remove: removeWidget(deps),
    get: getWidget(deps),
    list: listWidgets(deps),
  };
}

const root = administrator('root');
const boss = administrator('boss');
const name = widgetName('widget');

const versionOf = async (widgets: WidgetDeps['widgets']) => (await widgets.byKey(name))?.version;

describe('creating a widget', () => {
  it('makes the caller its owner and now its creation date', async () => {
    const { create, widgets } = world();
    const widget = { name, ...content, createdAt: NOON, ownerId: root.user.id };
    assert.deepEqual(await create(root, { name, ...content }), { ok: true, value: widget });
    assert.deepEqual((await widgets.byKey(name))?.record, widget);
  });

  it('succeeds for exactly one of ten with one name at once', async () => {
    const { create } = world();
    const answers = await Promise.all(Array.from({ length: 10 }, () => create(root, { name, ...content })));
    assert.equal(answers.filter((answer) => answer.ok).length, 1);
    assert.deepEqual(answers[9], { ok: false, error: { kind: 'widget-name-taken', name: 'widget' } });
  });
});

describe('putting a widget', () => {
  it('creates it, owned by the caller', async () => {
    const { put, widgets } = world();
    assert.equal(right(await put(root, name, content, {})), 'created');
    assert.deepEqual((await widgets.byKey(name))?.record, { name, ...content, createdAt: NOON, ownerId: root.user.id });
  });

  it('replaces the content; name, owner and creation date stay', async () => {
    const { put, widgets, time } = world();
    await put(root, name, content, {});
    time.advance(60);
    assert.equal(right(await put(boss, name, otherContent, {})), 'replaced');
    assert.deepEqual((await widgets.byKey(name))?.record, {
      name,
      ...otherContent,
      createdAt: NOON,
      ownerId: root.user.id,
    });
  });

  it('tells exactly one of ten at once that it created', async () => {
    const { put } = world();
    const answers = await Promise.all(Array.from({ length: 10 }, () => put(root, name, content, {})));
    assert.equal(answers.filter((answer) => answer.ok && answer.value === 'created').length, 1);
  });
});

describe('changing a widget', () => {
  it('replaces what is given and leaves the rest', async () => {
    const { put, change, widgets } = world();
    right(await put(root, name, content, {}));
    right(await change(boss, name, { deadline: otherContent.deadline }, {}));
    const expected = { name, ...content, deadline: otherContent.deadline, createdAt: NOON, ownerId: root.user.id };
    assert.deepEqual((await widgets.byKey(name))?.record, expected);
  });

  it('keeps both of two changes of different fields at once', async () => {
    const { put, change, widgets } = world();
    right(await put(root, name, content, {}));
    await Promise.all([
      change(boss, name, { deadline: otherContent.deadline }, {}),
      change(root, name, { infoUrl: otherContent.infoUrl }, {}),
    ]);
    const { infoUrl: url, deadline: due } = (await widgets.byKey(name))?.record ?? {};
    assert.deepEqual({ infoUrl: url, deadline: due }, otherContent);
  });

  it('does nothing to a widget in another state, and knows none that is not there', async () => {
    const { put, change, remove, widgets } = world();
    right(await put(root, name, content, {}));
    const seen = await versionOf(widgets);
    assert.ok(seen);
    right(await put(root, name, otherContent, { ifMatch: [seen] }));
    const failed = { ok: false, error: { kind: 'precondition-failed' } };
    assert.deepEqual(await put(root, name, content, { ifMatch: [seen] }), failed);
    assert.deepEqual(await put(root, name, content, { ifNoneMatch: 'any' }), failed);
    assert.deepEqual(await change(root, name, content, { ifMatch: [seen] }), failed);
    assert.deepEqual(await remove(root, name, { ifMatch: [seen] }), failed);
    const missing = { ok: false, error: { kind: 'widget-not-found', name: 'other' } };
    assert.deepEqual(await change(root, widgetName('other'), content, { ifMatch: [seen] }), missing);
    right(await remove(root, name, { ifMatch: 'any' }));
  });
});

describe('removing a widget', () => {
  it('succeeds for exactly one of two at once', async () => {
    const { create, remove } = world();
    right(await create(root, { name, ...content }));
    const [one, other] = await Promise.all([remove(root, name, {}), remove(boss, name, {})]);
    assert.deepEqual(one, { ok: true, value: undefined });
    assert.deepEqual(other, { ok: false, error: { kind: 'widget-not-found', name: 'widget' } });
  });
});

describe('reading widgets', () => {
  it('joins the owner as they are now, and says at which moment', async () => {
    const { create, get, list, users, widgets, time } = world(root.user, boss.user);
    const widget = right(await create(root, { name, ...content }));
    const owner = right(await users.changeAccess(root.user.id, { admin: false }));
    time.advance(60);
    const version = await versionOf(widgets);
    const seen = { widget, version, owner, seenAt: time.clock() };
    assert.deepEqual(await get(name), { ok: true, value: seen });
    assert.deepEqual((await list({ number: 1, size: 10 })).items, [seen]);
  });

  it('shows a widget whose owner was removed without one', async () => {
    const { create, get, list, users, widgets } = world(root.user, boss.user);
    const widget = right(await create(root, { name, ...content }));
    right(await users.remove(root.user.id));
    const seen = { widget, version: await versionOf(widgets), owner: undefined, seenAt: NOON };
    assert.deepEqual(await get(name), { ok: true, value: seen });
    assert.deepEqual((await list({ number: 1, size: 10 })).items, [seen]);
  });

  it('knows no widget that is not there', async () => {
    const { get } = world();
    assert.deepEqual(await get(name), { ok: false, error: { kind: 'widget-not-found', name: 'widget' } });
  });

  it('lists the page asked for, each widget with its own owner', async () => {
    const { create, list, time } = world(root.user, boss.user);
    for (let n = 1; n <= 7; n++) {
      right(await create(n % 2 ? root : boss, { name: widgetName(`widget-${n}`), ...content }));
      time.advance(1);
    }
    const page = await list({ number: 2, size: 5 });
    assert.deepEqual([page.total, page.next], [7, undefined]);
    assert.deepEqual(
      page.items.map(({ widget, owner }) => [widget.name, owner?.login]),
      [
        ['widget-6', boss.user.login],
        ['widget-7', root.user.login],
      ],
    );
    const beyond = await list({ number: 9, size: 5 });
    assert.deepEqual([beyond.items, beyond.total], [[], 7]);
  });

  it('asks for all owners in one turn, each once, so that a store can answer them together', async () => {
    const { create, users, widgets, clock } = world(root.user, boss.user);
    for (const [n, owner] of [root, boss, root, boss].entries()) {
      right(await create(owner, { name: widgetName(`widget-${n}`), ...content }));
    }
    const askedFor: UserId[] = [];
    const turns: UserId[][] = [];
    const inTurns = {
      ...users,
      byId: async (id: UserId) => {
        if (askedFor.push(id) === 1) queueMicrotask(() => turns.push(askedFor.splice(0)));
        return users.byId(id);
      },
    };
    const page = await listWidgets({ widgets, users: inTurns, clock })({ number: 1, size: 5 });
    assert.deepEqual(turns, [[root.user.id, boss.user.id]]);
    assert.deepEqual(
      page.items.map(({ owner }) => owner),
      [root.user, boss.user, root.user, boss.user],
    );
  });

  it('lets an outage through as a fault, never as an owner who is gone', async () => {
    const { create, users, widgets, clock } = world(root.user);
    right(await create(root, { name, ...content }));
    const byId = async (): Promise<never> => {
      throw new Unavailable('store');
    };
    const deps = { widgets, users: { ...users, byId }, clock };
    await assert.rejects(getWidget(deps)(name), Unavailable);
    await assert.rejects(listWidgets(deps)({ number: 1, size: 5 }), Unavailable);
  });
});
