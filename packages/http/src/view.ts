import Type, { type Static, type TSchema } from 'typebox';
import type { Links } from './links.ts';

/** One field of an answer: its schema, and where its value comes from. */
export interface ViewField<Source, T extends TSchema = TSchema> {
  readonly schema: T;
  readonly value: (source: Source, links: Links) => Static<T>;
}

/**
 * What an answer shows of a `Source`: the schema, the document's model and the projection in one value. A field that is
 * not named here cannot leave, and one that is named is in the document.
 */
export interface View<Source> {
  /** The model's name in the OpenAPI document. */
  readonly name: string;
  readonly schema: TSchema;
  readonly render: (source: Source, links: Links) => unknown;
}

/** A list that is an answer by itself, without an object around it. */
export const listOf = <Item>(view: View<Item>): View<readonly Item[]> => ({
  name: `${view.name}List`,
  schema: Type.Array(view.schema),
  render: (items, links) => items.map((item) => view.render(item, links)),
});

/**
 * Fields and views of one kind of source:
 * `const show = viewOf<Widget>(); show.view('Widget', { name: show.field(Type.String(), (widget) => widget.name) })`.
 */
export function viewOf<Source>() {
  return {
    field: <T extends TSchema>(
      schema: T,
      value: (source: Source, links: Links) => Static<T>,
    ): ViewField<Source, T> => ({
      schema,
      value,
    }),
    /** A field that is left out where `value` answers undefined. */
    optional: <T extends TSchema>(
      schema: T,
      value: (source: Source, links: Links) => Static<T> | undefined,
    ): ViewField<Source> => ({
      schema: Type.Optional(schema),
      value,
    }),
    /** Another view inside this one; null where there is nothing to show. */
    nested: <Inner>(view: View<Inner>, inner: (source: Source) => Inner | undefined): ViewField<Source> => ({
      schema: Type.Union([view.schema, Type.Null()]),
      value: (source, links) => {
        const found = inner(source);
        return found === undefined ? null : view.render(found, links);
      },
    }),
    /** Another view inside this one that is always there. */
    part: <Inner>(view: View<Inner>, inner: (source: Source, links: Links) => Inner): ViewField<Source> => ({
      schema: view.schema,
      value: (source, links) => view.render(inner(source, links), links),
    }),
    list: <Item>(view: View<Item>, items: (source: Source) => readonly Item[]): ViewField<Source> => ({
      schema: Type.Array(view.schema),
      value: (source, links) => items(source).map((item) => view.render(item, links)),
    }),
    view: (name: string, fields: Readonly<Record<string, ViewField<Source>>>): View<Source> => {
      const entries = Object.entries(fields).map(([key, { value }]) => [key, value] as const);
      const properties = Object.fromEntries(Object.entries(fields).map(([key, { schema }]) => [key, schema]));
      return {
        name,
        schema: Type.Object(properties, { title: name, additionalProperties: false }),
        render: (source, links) => {
          const shown: Record<string, unknown> = {};
          for (const [key, value] of entries) {
            const found = value(source, links);
            if (found !== undefined) shown[key] = found;
          }
          return shown;
        },
      };
    },
  };
}
