import {
  type AnyCollection,
  type AuditRecord,
  auditRecords,
  type CollectionDefinition,
  type Counter,
  counterRecords,
  hashParametersOf,
  type Instant,
  keyRecords,
  type MailToken,
  mailTokenRecords,
  type PasswordHash,
  type RevokedToken,
  revokedTokenRecords,
  type SessionRecord,
  type StoredKey,
  sessionRecords,
  type User,
  type UserId,
  userRecords,
} from '@portcullis/domain';
import { ObjectId } from 'mongodb';
import { mapping, storedFields } from './stored-fields.ts';
import { text } from './values.ts';

// How records are stored: the one place that knows a stored name. Ids are text, as the ports have them: whatever a port takes
// for an id is stored as it is, and a shell shows what a token says. Times are BSON dates, which TTL indexes go by.

type Stored<V> = V extends Instant ? Date : V extends string ? string : V;
/** Fields under their names. */
type PartOf<T> = { readonly [F in keyof T]: Stored<T[F]> };
/** Fields under their names, but for the key, which is the `_id`. */
type DocumentOf<T, K extends keyof T> = PartOf<Omit<T, K>> & { readonly _id: Stored<T[K]> };

/** Records in documents of their own. */
const inDocuments = <T, K extends keyof T & string>(
  definition: CollectionDefinition<T, K>,
  missing?: Readonly<Record<string, unknown>>,
) => ({
  definition: definition as unknown as AnyCollection,
  ...mapping<T, DocumentOf<T, K>>(storedFields(definition.fields as AnyCollection['fields'], definition.key), missing),
});

/** Records in the document of something else, which has some of their fields already. */
function inParts<T, K extends keyof T & string, E extends keyof T & string>(
  { fields }: CollectionDefinition<T, K>,
  ...elsewhere: readonly E[]
) {
  const own = storedFields(fields as AnyCollection['fields']).filter(({ field }) => !elsewhere.includes(field as E));
  return mapping<Omit<T, E>, PartOf<Omit<T, E>>>(own);
}

export type RevokedTokenDocument = DocumentOf<RevokedToken, 'tokenId'>;
export const revokedTokenDocuments = inDocuments(revokedTokenRecords);

/** The server counts in 32 bits, and in 64 from there on. */
export type CounterDocument = DocumentOf<Counter, 'name'>;
export const counterDocuments = inDocuments(counterRecords);

export type KeyDocument = DocumentOf<StoredKey, 'number'>;
export const keyDocuments = inDocuments(keyRecords);

export type AuditDocument = DocumentOf<AuditRecord, 'id'>;
export const auditDocuments = inDocuments(auditRecords);

export interface UserDocument extends Omit<DocumentOf<User, 'id'>, 'verifiedAt' | 'tokenEpoch'> {
  /** Missing in what an earlier release stored, as are those below. */
  readonly verifiedAt?: Date | null;
  readonly tokenEpoch?: number;
  /** `hashParametersOf` the password hash, by which logins ask. Missing until the next migration. */
  readonly hashParameters?: string;
  /** Missing where there never was one. */
  readonly sessions?: readonly SessionDocument[];
  /** A new one with each registration and with each guarded change, which is thereby made once at most. */
  readonly stamp: ObjectId;
}
/** Reads users without their sessions, which may be many: they are read where they are asked for, and nowhere else. */
export const userDocuments = inDocuments(userRecords, { tokenEpoch: 0 });

/** What is stored of a password hash: always both. */
export const hashFields = (hash: PasswordHash) => ({
  passwordHash: text(hash),
  hashParameters: hashParametersOf(hash),
});

export const newUserDocument = (user: User): UserDocument => ({
  ...userDocuments.write(user),
  ...hashFields(user.passwordHash),
  stamp: new ObjectId(),
});

export type SessionDocument = PartOf<Omit<SessionRecord, 'userId'>>;
export const sessionParts = inParts(sessionRecords, 'userId');

export const toSessionRecord = (userId: UserId, document: SessionDocument): SessionRecord => ({
  ...sessionParts.read(document),
  userId,
});

/** A secret in the document of its user and purpose. */
type MailTokenPart = PartOf<Omit<MailToken, 'purpose' | 'userId'>>;
export const mailTokenParts = inParts(mailTokenRecords, 'purpose', 'userId');

/**
 * One document for each user and purpose, with all secrets that are out: so that one operation puts one in the place of another, and
 * one takes them all. Documents of an earlier release, one for each secret, have no `tokens`: what they hold is void.
 */
export interface MailTokensDocument extends PartOf<Pick<MailToken, 'purpose' | 'userId'>> {
  /** `mailTokensId`. */
  readonly _id: string;
  /** The one that was issued first comes first. */
  readonly tokens?: readonly MailTokenPart[];
  /** Of the one that expires last. */
  readonly expiresAt: Date;
}

/** No purpose has a colon in it. */
export const mailTokensId = (purpose: string, userId: string): string => `${purpose}:${userId}`;

/** A change by which an enabled administrator ceases to be one: decided, and perhaps not carried out yet. */
export interface ReductionDocument {
  readonly userId: string;
  /** The stamp of the user that it was decided for; with any other it has been carried out. */
  readonly stamp: ObjectId;
  /** What to set, the stamp included; null where the user goes altogether. */
  readonly set: (Partial<Pick<UserDocument, 'admin' | 'disabled'>> & Pick<UserDocument, 'stamp'>) | null;
}

/** The one document of its collection: it puts all reductions in a row. */
export interface AdministratorsDocument {
  readonly _id: 'administrators';
  /** How many decisions there have been. */
  readonly version: number;
  /** What the last one was. */
  readonly reductions: readonly ReductionDocument[];
}
