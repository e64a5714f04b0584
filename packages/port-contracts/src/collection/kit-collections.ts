import { type Branded, collection, field, type Instant } from '@portcullis/domain';

type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

interface Entry {
  readonly name: string;
  readonly owner: Branded<string, 'Owner'>;
  readonly title: string;
  readonly serial: number;
  readonly createdAt: Instant;
  readonly open: boolean;
  readonly score: number;
  readonly due: Instant | null;
  readonly label: string | null;
  readonly level: number | null;
  readonly urgent: boolean | null;
  readonly content: Exclude<Json, null>;
  readonly notes: readonly string[] | null;
}

interface Item {
  readonly id: Branded<number, 'ItemId'>;
  readonly title: string;
  readonly code: number;
  readonly weight: number;
  readonly soldAt: Instant | null;
  readonly fragile: boolean;
  readonly roles: readonly string[];
}

interface Scrap {
  readonly word: string;
  readonly remark: string;
}

const isTexts = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && Object.keys(value).length === value.length && value.every((each) => typeof each === 'string');

function isJson(value: unknown): value is Json {
  if (typeof value === 'number') return Number.isFinite(value) && !Object.is(value, -0);
  if (typeof value !== 'object') return typeof value === 'string' || typeof value === 'boolean';
  if (value === null) return true;
  if (Array.isArray(value)) return Object.keys(value).length === value.length && value.every(isJson);
  return Object.getPrototypeOf(value) === Object.prototype && Object.values(value).every(isJson);
}

const isContent = (value: unknown): value is Exclude<Json, null> => value !== null && isJson(value);

const { text, integer, boolean, time, reference, json, optional } = field;

/** A text as the key; every kind of field, optional and not; everything that a definition can have. */
const entries = collection<Entry, 'name'>('kitEntries', {
  fields: {
    ...{ name: text(64), owner: reference, title: text(200), serial: integer, createdAt: time },
    ...{ open: boolean, score: integer, due: optional(time), label: optional(text(100)), level: optional(integer) },
    ...{ urgent: optional(boolean), content: json(isContent), notes: optional(json(isTexts)) },
  },
  key: 'name',
  order: ['createdAt'],
  unique: [['owner', 'title'], 'serial'],
  kept: ['createdAt', 'owner'],
  filters: ['owner', 'open', 'score', 'due', 'label', 'urgent'],
  sorts: ['name', 'title', 'open', 'score', 'due', 'label', 'level', 'createdAt'],
});

/** A number as the key, which the list goes by; everything is replaced. */
const items = collection<Item, 'id'>('kitItems', {
  fields: {
    ...{ id: integer, title: text(200), code: integer, weight: integer, soldAt: optional(time) },
    ...{ fragile: boolean, roles: json(isTexts) },
  },
  key: 'id',
  unique: ['title', 'code'],
  filters: ['weight', 'id'],
  sorts: ['id', 'weight', 'soldAt', 'fragile'],
});

/** Nothing that a definition can do without: the list goes by arrival. */
const scraps = collection<Scrap, 'word'>('kitScraps', { fields: { word: text(64), remark: text(2000) }, key: 'word' });

/** What an adapter is certified with where it is given no definition: each thing that a definition can have is in one of them. */
export const KIT_COLLECTIONS = [entries, items, scraps] as const;
