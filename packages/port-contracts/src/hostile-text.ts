const TEN_MEGABYTES = 10 * 1024 * 1024;
const ID = '3f2b8c1e-77aa-4d10-9c55-0e6f1a2b3c4d';
/** Longer than columns are where nobody said how long. */
const LONG = 'y'.repeat(255);

/** Texts that some store somewhere takes for a command, cuts, folds, converts or mistakes for another one of them. */
export const hostileTexts = (): readonly string[] => [
  // operators, prototypes, SQL
  ...['$ne', '$where', '{"$gt":""}', '__proto__', 'constructor', 'prototype', 'hasOwnProperty', 'a.b', '.'],
  ...["' OR '1'='1", "'; DROP TABLE users; --", '"', '`', '\\', '\\0', '%', '_', '*', '?', '?1', ':id', '$1'],
  // what a comparison folds: letter case, accents, width, blanks, signs without a width
  ...[
    '',
    ' ',
    'a',
    'A',
    'a ',
    ' a',
    'a\n',
    'a\t',
    'á',
    'a\u0301',
    'ß',
    'ss',
    'ı',
    'i',
    'İ',
    'ａ',
    'a\u200b',
    '\ufeffa',
  ],
  // what is cut at a NUL, and what has no place in UTF-8
  ...['\0', 'a\0', 'a\0b', 'a\0c', '\ud800', '\udbff', '\ufffd', 'a\ud800', '😀', '\u{10ffff}'],
  // what a column without a type converts
  ...['1', '01', '1.0', '1e0', '0x1', '-0', '0', 'null', 'undefined', 'NaN', 'true', '1'.repeat(400)],
  // what is like another one but for a place, the case of a letter or a blank, and what is cut at a length, from either side
  ...[ID, ID.toUpperCase(), `4${ID.slice(1)}`, `${ID.slice(0, 18)}0${ID.slice(19)}`, `${ID.slice(0, -1)}e`],
  ...[`${ID} `, ` ${ID}`, `${ID}${ID}`, ID.slice(0, -1), ID.slice(1), ID.slice(0, 12), ID.slice(-12)],
  ...[`${LONG}1`, `${LONG}2`, `1${LONG}`, `2${LONG}`],
  `${'x'.repeat(TEN_MEGABYTES)}1`,
  `${'x'.repeat(TEN_MEGABYTES)}2`,
];

/** What is no text at all, though the types say so; `like` is a value that is stored. */
export const hostileValues = (like: string): readonly unknown[] => [
  { $ne: null },
  { $gt: '' },
  { $regex: '.*' },
  { $in: [like] },
  [like],
  { toString: () => like },
  undefined,
  null,
  true,
  0,
  Number.NaN,
];

/** What is no whole number from 1 on, or is beyond those that a number tells apart, though the types say otherwise. */
export const hostileNumbers = (): readonly unknown[] => [
  ...[Number.NaN, Infinity, -Infinity, 0.5, 1.5, -0, 2 ** 53, 1e300, 5e-324],
  ...['1', '', null, undefined, true, [1], {}, { $gt: 0 }, { $ne: null }, new Date(1), 1n],
];
