import assert from 'node:assert/strict';
import { chapter, needing } from './case.ts';
import { isJson, refusesFields } from './expect.ts';
import { type Answer, BASE, content, type Fields, fieldOf, newName, type World, worldOf } from './world.ts';

const PATH = `${BASE}/widgets`;

interface Page {
  readonly links: Readonly<Record<string, string>>;
  readonly items: readonly { readonly name: string }[];
}

const link = (page: number, size: number): string => `${PATH}?page=${page}&per_page=${size}`;

/** All that the contract says of a page but its items. */
function expectedPage(page: number, size: number, total: number) {
  const last = Math.ceil(total / size);
  return {
    links: {
      self: link(page, size),
      first: link(1, size),
      last: link(Math.max(last, 1), size),
      ...(page > 1 && { prev: link(page - 1, size) }),
      ...(page < last && { next: link(page + 1, size) }),
    },
    has_prev: page > 1,
    has_next: page < last,
    page,
    total_pages: last,
    items_per_page: size,
    total_items: total,
  };
}

/** Checks everything but the items, which it answers. */
function isPage(answer: Answer, page: number, size: number, total: number): Page['items'] {
  assert.equal(answer.status, 200, answer.text);
  isJson(answer);
  const { items, ...rest } = answer.json as Page;
  const expected = expectedPage(page, size, total);
  assert.deepEqual(rest, expected);
  assert.equal(answer.header('Total-Count'), String(total));
  const links = (['self', 'first', 'prev', 'next', 'last'] as const)
    .flatMap((rel) => (rel in expected.links ? [`<${(expected.links as Page['links'])[rel]}>; rel="${rel}"`] : []))
    .join(', ');
  assert.equal(answer.header('Link'), links);
  assert.equal(items.length, Math.max(0, Math.min(size, total - (page - 1) * size)));
  return items;
}

/** Adds widgets one after the other and answers their names and how many there were before. */
async function addSome(world: World, count: number): Promise<{ names: readonly string[]; before: number }> {
  const { token } = await world.logInAdministrator();
  const before = Number((await world.send('GET', '/widgets', { token })).header('Total-Count'));
  // Names in no order of theirs, so that only the order of creation gives this one.
  const names = Array.from({ length: count }, newName);
  for (const name of names) {
    assert.equal((await world.send('POST', '/widgets', { token, form: { name, ...content } })).status, 201);
  }
  return { names, before };
}

/** A server with nothing stored where there can be one, else the one there is. */
async function emptyWhere(world: World): Promise<World> {
  const { another } = world.target.powers;
  return another ? worldOf(await another()) : world;
}

const itemsOf = (answer: Answer): readonly string[] => (answer.json as Page).items.map(({ name }) => name);

async function token(world: World): Promise<string> {
  return (await world.register()).token;
}

export const widgetList = chapter('list of widgets', {
  async 'all widgets in the order of creation, page by page, with every page field, links, Link and Total-Count'(
    world,
  ) {
    const shop = await emptyWhere(world);
    const { names, before } = await addSome(shop, 10);
    const reader = await token(shop);
    for (const size of [5, 10, 25, 50, 100]) {
      const total = before + names.length;
      const seen: string[] = [];
      for (let page = Math.floor(before / size) + 1; page <= Math.ceil(total / size); page += 1) {
        const answer = await shop.send('GET', `/widgets?page=${page}&per_page=${size}`, { token: reader });
        seen.push(...isPage(answer, page, size, total).map(({ name }) => name));
      }
      assert.deepEqual(seen.slice(-names.length), names, `pages of ${size}`);
    }
  },

  'the first page, one between and the last, to the letter': needing(['another'], async (_world, { another }) => {
    const world = worldOf(await another());
    const { names } = await addSome(world, 11);
    const reader = await token(world);
    const get = (query: string) => world.send('GET', `/widgets${query}`, { token: reader });
    const second = await get('?page=2&per_page=5');
    const { items, ...rest } = second.json as Page;
    assert.deepEqual(
      items.map(({ name }) => name),
      names.slice(5, 10),
    );
    assert.deepEqual(rest, {
      links: {
        self: '/api/v1/widgets?page=2&per_page=5',
        first: '/api/v1/widgets?page=1&per_page=5',
        prev: '/api/v1/widgets?page=1&per_page=5',
        next: '/api/v1/widgets?page=3&per_page=5',
        last: '/api/v1/widgets?page=3&per_page=5',
      },
      has_prev: true,
      has_next: true,
      page: 2,
      total_pages: 3,
      items_per_page: 5,
      total_items: 11,
    });
    assert.equal(
      second.header('Link'),
      '</api/v1/widgets?page=2&per_page=5>; rel="self", </api/v1/widgets?page=1&per_page=5>; rel="first", </api/v1/widgets?page=1&per_page=5>; rel="prev", </api/v1/widgets?page=3&per_page=5>; rel="next", </api/v1/widgets?page=3&per_page=5>; rel="last"',
    );
    const first = await get('?per_page=5');
    assert.equal(
      first.header('Link'),
      '</api/v1/widgets?page=1&per_page=5>; rel="self", </api/v1/widgets?page=1&per_page=5>; rel="first", </api/v1/widgets?page=2&per_page=5>; rel="next", </api/v1/widgets?page=3&per_page=5>; rel="last"',
    );
    const last = await get('?page=3&per_page=5');
    assert.equal(
      last.header('Link'),
      '</api/v1/widgets?page=3&per_page=5>; rel="self", </api/v1/widgets?page=1&per_page=5>; rel="first", </api/v1/widgets?page=2&per_page=5>; rel="prev", </api/v1/widgets?page=3&per_page=5>; rel="last"',
    );
  }),

  async 'page is 1 and per_page 10 where they are left out, and unknown parameters are ignored'(world) {
    const { names, before } = await addSome(world, 6);
    const reader = await token(world);
    const total = before + names.length;
    const get = (query: string) => world.send('GET', `/widgets${query}`, { token: reader });
    isPage(await get(''), 1, 10, total);
    isPage(await get('?per_page=5'), 1, 5, total);
    isPage(await get('?page=2'), 2, 10, total);
    isPage(await get('?colour=red&page=1&x'), 1, 10, total);
  },

  'sort, by one field or several, in both directions, page by page and by cursors: the same widgets once each': needing(
    ['another'],
    async (_world, { another }) => {
      const world = worldOf(await another());
      const { token: admin } = await world.logInAdministrator();
      const dates = ['2041-05-01', '2040-02-03', '2041-05-01', '2042-01-01', '2040-02-03', '2041-05-01', '2043-09-09'];
      const added = dates.map((deadline, n) => ({ name: `${'bdacfge'[n]}-widget`, deadline }));
      for (const form of added) {
        const answer = await world.send('POST', '/widgets', { token: admin, form: { ...content, ...form } });
        assert.equal(answer.status, 201, answer.text);
      }
      const by = (field: 'name' | 'deadline') => (one: Fields, other: Fields) =>
        (one[field] ?? '') < (other[field] ?? '') ? -1 : one[field] === other[field] ? 0 : 1;
      const names = (sorted: readonly Fields[]) => sorted.map(({ name }) => name);
      const expected: Readonly<Record<string, readonly (string | undefined)[]>> = {
        name: names(added.toSorted(by('name'))),
        '-name': names(added.toSorted(by('name')).reverse()),
        deadline: names(added.toSorted(by('deadline'))),
        '-deadline': names([...added].reverse().toSorted((one, other) => by('deadline')(other, one))),
        '-deadline,name': names(added.toSorted((one, other) => by('deadline')(other, one) || by('name')(one, other))),
      };
      for (const [sort, order] of Object.entries(expected)) {
        const pages: string[] = [];
        for (const page of [1, 2]) {
          const answer = await world.send('GET', `/widgets?sort=${sort}&per_page=5&page=${page}`, { token: admin });
          assert.equal(answer.status, 200, answer.text);
          pages.push(...itemsOf(answer));
          assert.match(answer.header('Link') ?? '', /&sort=/);
        }
        assert.deepEqual(pages, order, sort);
        const first = await world.send('GET', `/widgets?sort=${sort}&per_page=5`, { token: admin });
        const rest = await world.send('GET', `/widgets?sort=${sort}&per_page=5&cursor=${first.header('Next-Cursor')}`, {
          token: admin,
        });
        assert.equal(rest.status, 200, rest.text);
        assert.deepEqual([...itemsOf(first), ...itemsOf(rest)], order, sort);
        assert.equal(rest.header('Next-Cursor'), undefined);
        assert.doesNotMatch(rest.header('Link') ?? '', /rel="next"/);
      }
    },
  ),

  'filters: by owner, by a deadline and by a range of them, with each other and with sort': needing(
    ['another'],
    async (_world, { another }) => {
      const world = worldOf(await another());
      const { token: admin } = await world.logInAdministrator();
      for (const [name, deadline] of Object.entries({ a: '2041-05-01', b: '2040-02-03', c: '2043-09-09' })) {
        await world.send('POST', '/widgets', { token: admin, form: { ...content, name, deadline } });
      }
      const list = async (query: string) => {
        const answer = await world.send('GET', `/widgets?${query}`, { token: admin });
        assert.equal(answer.status, 200, answer.text);
        const items = itemsOf(answer);
        assert.equal(fieldOf(answer, 'total_items'), items.length);
        return items;
      };
      const owner = fieldOf(await world.send('GET', '/auth/user', { token: admin }), 'public_id');
      assert.deepEqual(await list(`owner_id=${owner}`), ['a', 'b', 'c']);
      for (const nobody of ['00000000-0000-4000-8000-000000000000', '', '%E2%80%8F']) {
        assert.deepEqual(await list(`owner_id=${nobody}`), []);
      }
      const may = '2041-05-01T23:59:59Z';
      assert.deepEqual(await list(`deadline_from=${may}&sort=-name`), ['c', 'a']);
      assert.deepEqual(await list(`deadline_before=${may}`), ['b']);
      assert.deepEqual(await list(`deadline_before=2043-01-01T00:00:00Z&deadline_from=${may}&owner_id=${owner}`), [
        'a',
      ]);
      // The last moment of the day, as it is stored.
      assert.deepEqual(await list('deadline=2041-05-01T23:59:59.999999Z'), ['a']);
    },
  ),

  'a cursor: neither additions before it nor removals move what follows, and its own record may go': needing(
    ['another'],
    async (_world, { another }) => {
      const world = worldOf(await another());
      const { names } = await addSome(world, 12);
      const { token: admin } = await world.logInAdministrator();
      const get = (path: string) => world.sendOutside('GET', path, { token: admin });
      const first = await get(`${PATH}?per_page=5`);
      for (const name of names.slice(2, 5)) await world.send('DELETE', `/widgets/${name}`, { token: admin });
      const late = await world.addWidget();
      const second = await get(`${PATH}?per_page=5&cursor=${first.header('Next-Cursor')}`);
      assert.deepEqual(itemsOf(second), names.slice(5, 10));
      const { items: _, links, ...rest } = second.json as Page;
      assert.deepEqual(rest, { has_next: true, items_per_page: 5, total_items: 10 });
      assert.deepEqual(second.header('Link'), `<${links.self}>; rel="self", <${links.next}>; rel="next"`);
      const third = await get(links.next ?? '');
      assert.deepEqual(itemsOf(third), [...names.slice(10), late]);
      const unchanged = await world.sendOutside('GET', links.next ?? '', {
        token: admin,
        headers: { 'If-None-Match': third.header('ETag') ?? '' },
      });
      assert.equal(unchanged.status, 304);
    },
  ),

  async 'what is no cursor of this very list is refused, and every other wrong parameter with it'(world) {
    await addSome(world, 6);
    const reader = await token(world);
    const get = (query: string) => world.send('GET', `/widgets?${query}`, { token: reader });
    const cursor = (await get('per_page=5&sort=-name')).header('Next-Cursor') ?? assert.fail('no cursor');
    assert.equal((await get(`per_page=5&sort=-name&cursor=${cursor}`)).status, 200);
    const flipped = `${cursor.slice(0, -4)}${cursor.at(-4) === 'A' ? 'B' : 'A'}${cursor.slice(-3)}`;
    const other = [`sort=name&cursor=${cursor}`, `cursor=${cursor}`, `sort=-name&owner_id=a&cursor=${cursor}`];
    const spoilt = [
      '',
      '*',
      '%00',
      '%ED%A0%80',
      `${cursor}=`,
      `${cursor}A`,
      `+${cursor}`,
      flipped,
      'e30',
      'A'.repeat(9000),
    ];
    for (const query of [...other, ...spoilt.map((text) => `sort=-name&cursor=${text}`)]) {
      const answer = await get(query);
      if (query.includes('%ED')) assert.equal(answer.status, 400);
      else refusesFields(answer, { cursor: undefined });
    }
    refusesFields(await get(`sort=-name&cursor=${cursor}&page=1`), { cursor: undefined, page: undefined });
    refusesFields(await get(`sort=-name&cursor=${cursor}&cursor=${cursor}`), { cursor: undefined });
    for (const sort of [
      '',
      '-',
      '--name',
      'name,',
      'name,name',
      'name,-name',
      'info_url',
      'ownerId',
      '__proto__',
      'name%00',
    ]) {
      refusesFields(await get(`sort=${sort}`), { sort: undefined });
    }
    refusesFields(await get('sort=x&deadline=May&deadline_from=2040-13-01T00:00:00Z&page=0&per_page=3'), {
      ...{ sort: undefined, deadline: undefined, deadline_from: undefined, page: undefined, per_page: undefined },
    });
    for (const owner of ['x'.repeat(65), '%00', 'a%0Ab']) {
      refusesFields(await get(`owner_id=${owner}`), { owner_id: undefined });
    }
    const instant = '2040-01-01T00:00:00Z';
    refusesFields(await get(`deadline=${instant}&deadline_from=${instant}`), {
      ...{ deadline: undefined, deadline_from: undefined },
    });
  },

  async 'an item is the widget as it is shown alone'(world) {
    const shop = await emptyWhere(world);
    const { names, before } = await addSome(shop, 2);
    const reader = await token(shop);
    for (const [index, name] of names.entries()) {
      const page = Math.ceil((before + index + 1) / 5);
      const answer = await shop.send('GET', `/widgets?per_page=5&page=${page}`, { token: reader });
      const item = (fieldOf(answer, 'items') as Page['items']).find((each) => each.name === name);
      const alone = (await shop.send('GET', `/widgets/${name}`, { token: reader })).json as object;
      // Time runs on between two answers.
      assert.deepEqual({ ...item, time_remaining: '' }, { ...alone, time_remaining: '' });
    }
  },

  async 'an update does not move a widget, a deletion closes the gap'(world) {
    const shop = await emptyWhere(world);
    const { names, before } = await addSome(shop, 4);
    const { token: admin } = await shop.logInAdministrator();
    const [first = '', second = '', third = '', fourth = ''] = names;
    await shop.send('PUT', `/widgets/${first}`, { token: admin, form: { ...content, deadline: '2099-01-01' } });
    await shop.send('DELETE', `/widgets/${second}`, { token: admin });
    const total = before + 3;
    const seen: string[] = [];
    for (const page of new Set([Math.ceil((before + 1) / 5), Math.ceil(total / 5)])) {
      const answer = await shop.send('GET', `/widgets?per_page=5&page=${page}`, { token: admin });
      seen.push(...isPage(answer, page, 5, total).map(({ name }) => name));
    }
    assert.deepEqual(seen.slice(-3), [first, third, fourth]);
  },

  async 'a page past the end: 200 with no items, has_prev, and prev one less'(world) {
    const { names, before } = await addSome(world, 1);
    const reader = await token(world);
    const total = before + names.length;
    for (const page of [Math.ceil(total / 5) + 1, 1_000_000]) {
      const answer = await world.send('GET', `/widgets?per_page=5&page=${page}`, { token: reader });
      assert.deepEqual(isPage(answer, page, 5, total), []);
      assert.equal(fieldOf(answer, 'has_prev'), true);
      assert.equal((fieldOf(answer, 'links') as Page['links']).prev, link(page - 1, 5));
    }
  },

  'with no widgets: 200, total_pages 0, no items, and last is page 1': needing(
    ['another'],
    async (_world, { another }) => {
      const world = worldOf(await another());
      const answer = await world.send('GET', '/widgets', { token: await token(world) });
      assert.equal(answer.status, 200, answer.text);
      assert.deepEqual(answer.json, {
        links: {
          self: '/api/v1/widgets?page=1&per_page=10',
          first: '/api/v1/widgets?page=1&per_page=10',
          last: '/api/v1/widgets?page=1&per_page=10',
        },
        has_prev: false,
        has_next: false,
        page: 1,
        total_pages: 0,
        items_per_page: 10,
        total_items: 0,
        items: [],
      });
      assert.equal(answer.header('Total-Count'), '0');
      assert.equal(
        answer.header('Link'),
        '</api/v1/widgets?page=1&per_page=10>; rel="self", </api/v1/widgets?page=1&per_page=10>; rel="first", </api/v1/widgets?page=1&per_page=10>; rel="last"',
      );
    },
  ),

  async 'page, refused: not a whole number, zero and below'(world) {
    const reader = await token(world);
    const get = (query: string) => world.send('GET', `/widgets?${query}`, { token: reader });
    for (const value of ['x', '1.5', '1e3', '0x1', '1 2', 'NaN', 'null', '']) {
      const reason = `${value} is not a valid integer`;
      refusesFields(await get(new URLSearchParams({ page: value }).toString()), { page: reason });
      refusesFields(await get(new URLSearchParams({ per_page: value }).toString()), { per_page: reason });
    }
    for (const value of ['0', '-1', '-10']) {
      for (const field of ['page', 'per_page']) {
        const reason = `Invalid ${field}: ${value}. ${field} must be a positive integer`;
        refusesFields(await get(`${field}=${value}`), { [field]: reason });
      }
    }
  },

  async 'per_page, refused: another size than 5, 10, 25, 50 and 100'(world) {
    const reader = await token(world);
    for (const value of ['7', '1', '4', '6', '20', '99', '101', '1000']) {
      const answer = await world.send('GET', `/widgets?per_page=${value}`, { token: reader });
      refusesFields(answer, { per_page: `The value '${value}' is not a valid choice for 'per_page'.` });
    }
  },

  async 'page and per_page are refused together, and where they are repeated'(world) {
    const reader = await token(world);
    refusesFields(await world.send('GET', '/widgets?page=0&per_page=7', { token: reader }), {
      page: 'Invalid page: 0. page must be a positive integer',
      per_page: "The value '7' is not a valid choice for 'per_page'.",
    });
    const twice = await world.send('GET', '/widgets?page=1&page=1', { token: reader });
    refusesFields(twice, { page: undefined });
  },

  async 'HEAD answers as GET does, without the body'(world) {
    await addSome(world, 1);
    const reader = await token(world);
    const get = await world.send('GET', '/widgets?per_page=5', { token: reader });
    const head = await world.send('HEAD', '/widgets?per_page=5', { token: reader });
    assert.equal(head.status, 200);
    assert.equal(head.text, '');
    for (const name of ['Content-Type', 'Total-Count', 'Link', 'Access-Control-Allow-Origin']) {
      assert.equal(head.header(name), get.header(name), name);
    }
    assert.equal((await world.send('HEAD', '/widgets')).status, 401);
  },
});
