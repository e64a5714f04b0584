import { type Branded, collection, field, type Instant, instant } from '@portcullis/domain';

type Json = object | string | number | boolean;

export interface Note {
  readonly id: string;
  readonly title: string;
  readonly ownerId: string;
  readonly stars: number;
  readonly open: boolean;
  readonly createdAt: Instant;
  readonly dueAt: Instant | null;
  readonly label: string | null;
  readonly tags: Json;
}

const isJson = (value: unknown): value is Json => value !== undefined && value !== null;

const fields = {
  id: field.text(40),
  title: field.text(100),
  ownerId: field.reference,
  stars: field.integer,
  open: field.boolean,
  createdAt: field.time,
  dueAt: field.optional(field.time),
  label: field.optional(field.text(20)),
  tags: field.json(isJson),
} as const;

/** Every kind of field, and each thing that a definition can ask for. */
export const notes = collection<Note, 'id'>('notes', {
  ...{
    fields,
    key: 'id',
    order: ['createdAt'],
    kept: ['createdAt', 'ownerId'],
    unique: ['title', ['ownerId', 'stars']],
  },
  filters: ['ownerId', 'open', 'dueAt', 'label', 'stars', 'title', 'id'],
  sorts: ['dueAt', 'label', 'stars', 'open', 'title', 'id', 'ownerId'],
});

const NOON = 4_102_488_000_000;

export const note = (n: number, changes: Partial<Note> = {}): Note => ({
  ...{ id: `note-${n}`, title: `Title ${n}`, ownerId: 'jane', stars: n, open: n % 2 === 0 },
  ...{ createdAt: instant(NOON + n), dueAt: null, label: null, tags: ['a', { b: [n] }] },
  ...changes,
});

export type ItemNumber = Branded<number, 'ItemNumber'>;
export interface Item {
  readonly number: ItemNumber;
  readonly place: string;
}

/** With a number as the key, and nothing else that a definition can ask for. */
export const items = collection<Item, 'number'>('items', {
  fields: { number: field.integer, place: field.text(20) },
  key: 'number',
  sorts: ['place'],
  filters: ['place'],
});

export const item = (n: number, place = 'here'): Item => ({ number: n as ItemNumber, place });
