import {
  type Collection,
  type CollectionDefinition,
  changeIf,
  err,
  type Field,
  type Instant,
  ok,
  ownedRecords,
  type PagePolicy,
  type Precondition,
  putIf,
  type Refusal,
  type Result,
  removeIf,
  type Taken,
  type Versioned,
} from '@portcullis/domain';
import Type from 'typebox';
import { lookedFor, textInput, textReasons } from '../input.ts';
import { ETAG, entityTag, versionOf } from '../preconditions.ts';
import type { EngineError, InputInvalid } from '../problem.ts';
import { type AccessTable, type AnswerHeader, type PrincipalOf, type Route, routesOf } from '../route.ts';
import { type View, type ViewField, viewOf } from '../view.ts';
import { type Listed, listed, listHeaders } from './list-answer.ts';
import { listInput, listReasons, parseInteger } from './list-input.ts';
import { type FieldOptions, patched, recordInput, schemaOf } from './record-input.ts';

type Name<T> = keyof T & string;

export interface CrudOptions<T extends object, K extends Name<T>, Principal, Access extends string>
  extends FieldOptions<T> {
  /** Of one record, for the document: `Note`. */
  readonly model: string;
  /** Below the base path: `/notes`. */
  readonly path: string;
  readonly records: Collection<T, K>;
  /** Who may list and read, by the access table. */
  readonly read: Access;
  /** Who may add, replace, change and remove. */
  readonly write: Access;
  /** The key of a new record. Left out, the client chooses it: in the body of a POST, and in the path of a PUT that creates. */
  readonly newKey?: () => T[K] | Promise<T[K]>;
  /** What the service sets when a record is added, and nobody later; these fields have to be kept. */
  readonly set?: { readonly [F in Name<T>]?: (principal: Principal) => T[F] };
  /** Each record is its owner's alone. Those of others are not there: 404, and in no list. */
  readonly owner?: { readonly field: Name<T>; readonly of: (principal: Principal) => T[Name<T>] };
  readonly pages?: PagePolicy;
  /** Whether a replacement, a change and a removal need `If-Match` or `If-None-Match` (428, RFC 6585 §3). */
  readonly conditional?: 'honoured' | 'demanded';
}

/** The routes by what they do, for a service to leave some out and to put others in their place. */
export type CrudRoutes = Readonly<Record<'list' | 'create' | 'read' | 'replace' | 'change' | 'remove', Route>>;

const PAGES: PagePolicy = { sizes: [5, 10, 25, 50, 100], defaultSize: 10 };

const reasons = {
  ...textReasons,
  ...listReasons,
  'not-an-integer': () => 'must be a whole number',
  'not-positive': () => 'must be 1 or more',
  'not-a-page-size': () => 'is none of the sizes that a page may have',
};

/**
 * The maker of CRUD routes. `Access` is the type of the service's access table. JSON members, parameters and the document follow from the
 * definition; every field has its own name everywhere.
 * @throws TypeError where the definition and the options do not go together
 */
export const crudRoutesOf =
  <Access extends AccessTable>() =>
  <T extends object, K extends Name<T>, const R extends Name<Access>, const W extends Name<Access>>(
    definition: CollectionDefinition<T, K>,
    options: CrudOptions<T, K, PrincipalOf<Access[R | W]>, R | W> & { readonly read: R; readonly write: W },
  ): CrudRoutes =>
    // The principals of both are the service's; the routes hand them on and look at nothing of them.
    routesFor(definition, options as unknown as CrudOptions<T, K, unknown, string>);

function routesFor<T extends object, K extends Name<T>>(
  definition: CollectionDefinition<T, K>,
  options: CrudOptions<T, K, unknown, string>,
): CrudRoutes {
  const {
    model,
    path,
    records,
    read,
    write,
    newKey,
    set = {},
    owner,
    pages = PAGES,
    conditional = 'honoured',
  } = options;
  const { name, key, kept } = definition;
  const own = owner && ownedRecords(definition, records, owner.field);
  const setOnce = [...Object.keys(set), ...(owner ? [owner.field] : [])] as Name<T>[];
  for (const field of setOnce) {
    if (!kept.includes(field))
      throw new TypeError(`${field} of ${name} is set once, and is not kept when a record is replaced`);
  }
  const names = Object.keys(definition.fields) as Name<T>[];
  const content = names.filter((field) => field !== key && !setOnce.includes(field));

  const of = (principal: unknown): Collection<T, K> => (own && owner ? own(owner.of(principal) as never) : records);
  const given = (principal: unknown): Partial<T> =>
    ({
      ...Object.fromEntries(
        Object.entries<((by: unknown) => unknown) | undefined>(set).map(([field, valueFor]) => [
          field,
          valueFor?.(principal),
        ]),
      ),
      ...(owner && { [owner.field]: owner.of(principal) }),
    }) as Partial<T>;

  const route = routesOf<AccessTable, EngineError>();
  const tag = name;
  const plural = `${name.slice(0, 1).toUpperCase()}${name.slice(1)}`;
  const onePath = `${path}/:${key}`;
  const pathOf = (record: T): string => `${path}/${encodeURIComponent(String(record[key]))}`;
  const keyField: Field = definition.fields[key];
  const params = textInput({ [key]: lookedFor(Type.String({ maxLength: MAX_KEY_LENGTH })) }, reasons);
  const keyInput = recordInput(definition, [key], false, options);
  /** The key in the path; undefined where no record can have it. */
  const keyIn = (sent: Readonly<Record<string, string>>): T[K] | undefined => {
    const text = sent[key] ?? '';
    if (keyField.kind === 'text') return text as T[K];
    return parseInteger(text) as T[K] | undefined;
  };
  const view = recordView(definition, model, options);
  const state = ({ version }: Versioned<T>): string => version;
  const location: AnswerHeader<Versioned<T>> = {
    description: 'The new one, as an absolute URL',
    schema: Type.String({ format: 'uri' }),
    value: ({ record }, links) => links.url(pathOf(record)),
  };
  const tagHeader: AnswerHeader<Versioned<T>> = {
    ...ETAG,
    value: ({ version }) => entityTag(versionOf(version)),
  };
  const absent = err({ kind: 'record-absent' } as const);
  const create = recordInput(definition, newKey ? content : [key, ...content], false, options);
  const replacement = recordInput(definition, content, false, options);
  const patch = recordInput(definition, content, true, options);

  async function put(
    principal: unknown,
    at: T[K],
    body: Partial<T>,
    precondition: Precondition,
  ): Promise<Result<Versioned<T> & { readonly created: boolean }, Taken | Refusal<'absent' | 'precondition-failed'>>> {
    const collection = of(principal);
    if (newKey) {
      const changed = await changeIf(collection, at, (stored) => ok({ ...stored, ...body }), precondition);
      return changed.ok ? ok({ ...changed.value, created: false }) : changed;
    }
    const record = { ...body, ...given(principal), [key]: at } as T;
    const written = await putIf(collection, key, record, precondition);
    if (!written.ok) return written;
    const { created, version } = written.value;
    if (created) return ok({ record, version, created });
    // What is kept is as it was when it was added, and perhaps changed again by now.
    const found = await collection.byKey(at);
    return found ? ok({ ...found, created }) : err({ kind: 'absent' });
  }

  return {
    list: route({
      ...{ method: 'get', path, operationId: `list${plural}`, tag, access: read },
      summary: `Read a page of the ${name}, or what follows a cursor`,
      query: listInput<T, K>(definition, { pages, reasons, except: owner?.field }),
      success: {
        status: 200,
        description: 'A part of the list',
        view: partView(`${plural}Part`, view),
        state: ({ cursor, page, size, total, items }: Listed<Versioned<T>>) =>
          JSON.stringify([cursor, page?.number, size, total, items.map(({ version }) => version)]),
        headers: listHeaders(path),
      },
      async handle({ principal, query }) {
        const part = await of(principal).list(query.request);
        return ok(listed(query, part, part.items));
      },
    }),
    create: route({
      ...{ method: 'post', path, operationId: `create${model}`, tag, access: write },
      summary: `Add to the ${name}`,
      body: { mediaTypes: ['application/json'], input: create, required: true },
      success: { status: 201, description: 'Added', view, headers: { Location: location, ETag: tagHeader } },
      failures: ['record-taken'],
      async handle({ principal, body }) {
        const record = { ...body, ...given(principal), ...(newKey && { [key]: await newKey() }) } as T;
        const added = await of(principal).add(record);
        return added.ok ? ok({ record, version: added.value }) : failed(added.error);
      },
    }),
    read: route({
      ...{ method: 'get', path: onePath, operationId: `read${model}`, tag, access: read, params },
      summary: `Read one of the ${name}`,
      success: { status: 200, description: 'As it is now', view, state },
      failures: ['record-absent'],
      async handle({ principal, params }) {
        const at = keyIn(params);
        const found = at === undefined ? undefined : await of(principal).byKey(at);
        return found ? ok(found) : absent;
      },
    }),
    replace: route({
      ...{ method: 'put', path: onePath, operationId: `replace${model}`, tag, access: write, params, conditional },
      summary: newKey ? `Replace one of the ${name}` : `Replace one of the ${name}, or add it`,
      body: { mediaTypes: ['application/json'], input: replacement, required: true },
      success: {
        replaced: { status: 200, description: 'Replaced', view },
        created: { status: 201, description: 'Added', view, headers: { Location: location, ETag: tagHeader } },
      },
      failures: ['record-absent', 'record-taken', 'precondition-failed', 'input-invalid'],
      async handle({ principal, params, body, precondition }) {
        const at = keyIn(params);
        if (at === undefined) return absent;
        // It would be the key of a record from now on.
        const allowed = newKey ? ok({}) : keyInput.read(new Map([[key, [at]]]));
        if (!allowed.ok) return err({ kind: 'input-invalid', fields: allowed.error });
        const written = await put(principal, at, body, precondition);
        if (!written.ok) return failed(written.error);
        const { created, ...value } = written.value;
        return ok({ as: created ? 'created' : 'replaced', value });
      },
    }),
    change: route({
      ...{ method: 'patch', path: onePath, operationId: `change${model}`, tag, access: write, params, conditional },
      summary: `Change some fields of one of the ${name} (RFC 7396)`,
      body: { mediaTypes: ['application/merge-patch+json', 'application/json'], input: patch, required: true },
      success: { status: 200, description: 'Changed', view, headers: { ETag: tagHeader } },
      failures: ['record-absent', 'record-taken', 'precondition-failed', 'input-invalid'],
      async handle({ principal, params, body, precondition }) {
        const at = keyIn(params);
        if (at === undefined) return absent;
        const change = (stored: T) => patched(definition, stored, body);
        const changed = await changeIf(of(principal), at, change, precondition);
        return changed.ok ? changed : failed(changed.error);
      },
    }),
    remove: route({
      ...{ method: 'delete', path: onePath, operationId: `remove${model}`, tag, access: write, params, conditional },
      summary: `Remove one of the ${name}`,
      success: { status: 204, description: 'Removed' },
      failures: ['record-absent', 'precondition-failed'],
      async handle({ principal, params, precondition }) {
        const at = keyIn(params);
        if (at === undefined) return absent;
        const removed = await removeIf(of(principal), at, precondition);
        return removed.ok ? removed : failed(removed.error);
      },
    }),
  };
}

type Miss = Taken | Refusal<'absent' | 'precondition-failed'> | InputInvalid;
type Told<E extends Miss> = E extends Taken
  ? Extract<EngineError, { readonly kind: 'record-taken' }>
  : E extends Refusal<'absent'>
    ? Refusal<'record-absent'>
    : E;

/** What a collection answers, as the engine's table of problems has it. */
function failed<E extends Miss>(error: E): Result<never, Told<E>> {
  const told = error.kind === 'taken' || error.kind === 'absent' ? { ...error, kind: `record-${error.kind}` } : error;
  return err(told as Told<E>);
}

/** Of a key in a path, in characters. */
const MAX_KEY_LENGTH = 1000;

/** A record as JSON: each field under its name, times by RFC 3339 in UTC. */
function recordView<T extends object>(
  definition: CollectionDefinition<T>,
  model: string,
  options: FieldOptions<T>,
): View<Versioned<T>> {
  const show = viewOf<Versioned<T>>();
  const fields: Record<string, ViewField<Versioned<T>>> = {};
  for (const name of Object.keys(definition.fields) as Name<T>[]) {
    const isTime = (definition.fields[name] as Field).kind === 'time';
    fields[name] = show.field(schemaOf(definition, name, options), ({ record }) => {
      const value: unknown = record[name];
      return (isTime && value !== null ? new Date(value as Instant).toISOString() : value) as never;
    });
  }
  return show.view(model, fields);
}

function partView<Item>(name: string, view: View<Item>): View<Listed<Item>> {
  const show = viewOf<Listed<Item>>();
  return show.view(name, {
    items: show.list(view, ({ items }) => items),
    total: show.field(Type.Integer(), ({ total }) => total),
    next: show.field(
      Type.Union([Type.String(), Type.Null()], { description: 'The cursor of the next part' }),
      ({ nextCursor }) => nextCursor ?? null,
    ),
  });
}
