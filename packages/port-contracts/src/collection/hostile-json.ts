const DEPTH = 500;

const nested = (wrap: (inner: unknown) => unknown): unknown => {
  let value: unknown = 'innermost';
  for (let depth = 0; depth < DEPTH; depth += 1) value = wrap(value);
  return value;
};

/** Values of JSON that some store takes for a command, a reference, a type of its own or a path, drops or converts. */
export const hostileJson = (): readonly unknown[] => [
  // operators, paths and what a driver takes for its own types
  ...[{ $set: { a: 1 } }, { $where: '1' }, { $ref: 'users', $id: 1, $db: 'admin' }, { $oid: '0'.repeat(24) }],
  ...[{ $date: '2100-01-01T00:00:00Z' }, { $numberLong: '1' }, { $undefined: true }, { $binary: 'AA==', $type: '00' }],
  ...[{ 'a.b': 1 }, { 'a.$[]': 1 }, { '': 1 }, { $: 1 }, { '0': 'a', '1': 'b' }, { length: 0 }, { _id: 1, id: 2 }],
  ...[
    { _bsontype: 'ObjectId', id: '0'.repeat(24) },
    { _bsontype: 'Long', low: 1, high: 2 },
    { _bsontype: 'Timestamp' },
  ],
  // prototypes
  ...[
    '{"__proto__":{"polluted":true}}',
    '{"constructor":{"prototype":{"polluted":true}}}',
    '{"toJSON":1,"then":null}',
    '{"hasOwnProperty":1,"toString":2,"valueOf":"x"}',
  ].map((each) => JSON.parse(each)),
  // what has no place in a text, or is another text
  ...[
    { 'a\0b': 'c\0d' },
    { '\ud800': '\udfff' },
    ['\0', '\ud800', '\ufffd'],
    { '\u2028': '\u2029' },
    { é: 1, 'e\u0301': 2 },
  ],
  // what is nothing, or only looks like it
  ...[[], {}, [[]], [{}], [null], { a: null }, '', 'null', '[]', '{}', '"x"', 'true', '0', 0, false, true],
  // what a number, a time or a list without order would lose
  ...[1.5, 0.1, 1e300, 5e-324, 2 ** 53, -(2 ** 53), 1e21, [1, 1, 1], ['b', 'a', 'b'], '2100-01-01T00:00:00.000Z'],
  ...[['","', '[]', '\\', '\\"', "'", '--'], { '"': '\\', "'": '`' }],
  // what a depth, a width or a length ends
  ...[nested((inner) => [inner]), nested((inner) => ({ a: inner }))],
  ...[
    Array.from({ length: 10_000 }, (_, n) => n),
    Object.fromEntries(Array.from({ length: 1000 }, (_, n) => [`k${n}`, n])),
  ],
  ['x'.repeat(1024 * 1024)],
];

/** What is no value of JSON, though a check may let some of it pass. */
export const noJson = (): readonly unknown[] => [
  ...[
    undefined,
    null,
    Number.NaN,
    Infinity,
    -0,
    1n,
    Symbol('s'),
    () => 1,
    new Date(0),
    new Set(['a']),
    new Map([['a', 1]]),
  ],
  ...[[undefined], [Number.NaN], new Array(2), { a: undefined }, { a: new Date(0) }, { length: 1, 0: 'a' }, [[1n]]],
  ...[[1], [null], [['a']], [{ $ne: null }], 'a', '["a"]', {}, 1, true],
];
