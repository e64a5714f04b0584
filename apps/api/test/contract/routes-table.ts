import { content, newName, type Sending } from './world.ts';

export interface RouteRow {
  readonly method: string;
  /** As the description has it, below the base path. */
  readonly template: string;
  readonly access: 'public' | 'user' | 'admin';
}

/** The routes of the contract that take or need a token, and those that make one. */
export const ROUTES: readonly RouteRow[] = [
  { method: 'POST', template: '/auth/register', access: 'public' },
  { method: 'POST', template: '/auth/login', access: 'public' },
  { method: 'GET', template: '/auth/user', access: 'user' },
  { method: 'POST', template: '/auth/logout', access: 'user' },
  { method: 'GET', template: '/widgets', access: 'user' },
  { method: 'POST', template: '/widgets', access: 'admin' },
  { method: 'GET', template: '/widgets/{name}', access: 'user' },
  { method: 'PUT', template: '/widgets/{name}', access: 'admin' },
  { method: 'DELETE', template: '/widgets/{name}', access: 'admin' },
];

export const guarded = ROUTES.filter(({ access }) => access !== 'public');
export const TEMPLATES = [...new Set(ROUTES.map(({ template }) => template))];

export const pathOf = (template: string, name = newName()): string => template.replace('{name}', name);

/** A request for this route in which nothing is wrong but what the case makes wrong. */
export const rightBody = ({ method, template }: RouteRow): Sending => {
  if (template === '/widgets' && method === 'POST') return { form: { name: newName(), ...content } };
  return method === 'PUT' ? { form: content } : {};
};
