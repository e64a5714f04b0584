// What must not compile: each line below is an error, or the type-check of the tests fails.
import { err, ok } from '@portcullis/domain';
import { type EngineError, engineProblems, type ProblemTable, routesOf, viewOf } from '@portcullis/http';
import Type from 'typebox';
import type { access, Parcel, ToyError } from './support/toy-service.ts';

const route = routesOf<typeof access, ToyError>();
const show = viewOf<Parcel>();
const view = show.view('Parcel', { name: show.field(Type.String(), (parcel) => parcel.name) });
const base = { method: 'get', path: '/', operationId: 'x', summary: '', tag: '' } as const;
const parcel: Parcel = { name: '', weight: 0, secret: '' };
const success = { status: 200, description: '', view } as const;

// @ts-expect-error the failure is not listed
route({ ...base, access: 'public', success, handle: () => err({ kind: 'parcel-lost', name: '' }) });
// @ts-expect-error there is no such failure
route({ ...base, access: 'public', success, failures: ['parcel-late'], handle: () => ok(parcel) });
// @ts-expect-error there is no such access
route({ ...base, access: 'nobody', success, handle: () => ok(parcel) });
// @ts-expect-error nobody is known on a public route
route({ ...base, access: 'public', success, handle: ({ principal: name }) => ok({ ...parcel, name }) });
// @ts-expect-error the view shows something else
route({ ...base, access: 'public', success, handle: () => ok({ name: 7 }) });
// @ts-expect-error there is no such success
route({ ...base, access: 'public', success: { one: success }, handle: () => ok({ as: 'two', value: parcel }) });
// @ts-expect-error the field is a number, its schema is of text
show.field(Type.String(), () => 7);
// @ts-expect-error a row is missing
export const table: ProblemTable<ToyError | EngineError> = {
  ...engineProblems,
  'not-a-carrier': { status: 403, title: '' },
};

route({ ...base, access: 'carrier', success, handle: ({ principal: name }) => ok({ ...parcel, name }) });
