import { randomUUID } from 'node:crypto';
import { content, newName, PASSWORD, type Sending } from './world.ts';

export interface RouteRow {
  readonly method: string;
  /** As the description has it, below the base path. */
  readonly template: string;
  readonly access: 'public' | 'user' | 'admin' | 'client';
}

/** The routes that take or need a token, and those that make one: those of the contract, and those of sessions, accounts and users. */
export const ROUTES: readonly RouteRow[] = [
  { method: 'POST', template: '/auth/register', access: 'public' },
  { method: 'POST', template: '/auth/login', access: 'public' },
  { method: 'POST', template: '/auth/refresh', access: 'public' },
  { method: 'POST', template: '/auth/verify-email/request', access: 'public' },
  { method: 'POST', template: '/auth/verify-email', access: 'public' },
  { method: 'POST', template: '/auth/password/forgot', access: 'public' },
  { method: 'POST', template: '/auth/password/reset', access: 'public' },
  { method: 'GET', template: '/auth/user', access: 'user' },
  { method: 'DELETE', template: '/auth/user', access: 'user' },
  { method: 'PUT', template: '/auth/password', access: 'user' },
  { method: 'POST', template: '/auth/logout', access: 'user' },
  { method: 'POST', template: '/auth/logout-all', access: 'user' },
  { method: 'GET', template: '/auth/sessions', access: 'user' },
  { method: 'GET', template: '/auth/sessions/{id}', access: 'user' },
  { method: 'DELETE', template: '/auth/sessions/{id}', access: 'user' },
  { method: 'POST', template: '/auth/introspect', access: 'client' },
  { method: 'POST', template: '/auth/revoke', access: 'client' },
  { method: 'GET', template: '/users', access: 'admin' },
  { method: 'GET', template: '/users/{public_id}', access: 'admin' },
  { method: 'PATCH', template: '/users/{public_id}', access: 'admin' },
  { method: 'DELETE', template: '/users/{public_id}', access: 'admin' },
  { method: 'DELETE', template: '/users/{public_id}/sessions', access: 'admin' },
  { method: 'GET', template: '/widgets', access: 'user' },
  { method: 'POST', template: '/widgets', access: 'admin' },
  { method: 'GET', template: '/widgets/{name}', access: 'user' },
  { method: 'PUT', template: '/widgets/{name}', access: 'admin' },
  { method: 'PATCH', template: '/widgets/{name}', access: 'admin' },
  { method: 'DELETE', template: '/widgets/{name}', access: 'admin' },
];

/** Those that ask for a bearer token. */
export const guarded = ROUTES.filter(({ access }) => access === 'user' || access === 'admin');
export const TEMPLATES = [...new Set(ROUTES.map(({ template }) => template))];

export const pathOf = (template: string, name = newName()): string =>
  template.replace('{name}', name).replace(/\{(?:public_)?id\}/, () => randomUUID());

/** A request for this route in which nothing is wrong but what the case makes wrong. */
export const rightBody = ({ method, template }: RouteRow): Sending => {
  if (template === '/widgets' && method === 'POST') return { form: { name: newName(), ...content } };
  if (template === '/auth/password') return { form: { old_password: PASSWORD, new_password: `another ${PASSWORD}` } };
  if (template === '/auth/user' && method === 'DELETE') return { form: { password: PASSWORD } };
  if (template === '/widgets/{name}' && method === 'PATCH') return { json: { deadline: content.deadline } };
  return method === 'PUT' ? { form: content } : {};
};
