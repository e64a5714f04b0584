import { type Branded, collection, field } from '@portcullis/domain';

/** From 1 on, and never given out twice. */
export type ShipId = Branded<number, 'ShipId'>;

export interface Ship {
  readonly id: ShipId;
  readonly model: string;
  readonly affiliation: string;
  readonly category: string;
  readonly shipClass: string;
  readonly manufacturer: string;
  /** Whole numbers from 1 on; the length is in metres. */
  readonly crew: number;
  readonly length: number;
  readonly roles: readonly string[];
}

/** What a replacement replaces: all but the id. */
export type ShipContent = Omit<Ship, 'id'>;

/** The id in this text: digits alone; undefined for anything else. */
export const parseShipId = (text: string): ShipId | undefined =>
  /^[0-9]{1,15}$/.test(text) ? (Number(text) as ShipId) : undefined;

/** In characters, of each text of a ship. */
export const SHIP_TEXT_MAX_LENGTH = 1_000;
/** How many roles a ship has at most, and how many characters each of them. */
export const SHIP_ROLES_MAX_COUNT = 20;
export const SHIP_ROLE_MAX_LENGTH = 100;

const text = field.text(SHIP_TEXT_MAX_LENGTH);

export const shipCollection = collection<Ship, 'id'>('ships', {
  fields: {
    id: field.integer,
    ...{ model: text, affiliation: text, category: text, shipClass: text, manufacturer: text },
    ...{ crew: field.integer, length: field.integer },
    roles: field.json(isTexts),
  },
  key: 'id',
});

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'string');
}
