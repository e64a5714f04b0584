import { accountsAccess, booksAccess, type ServiceAccess, shipsAccess, widgetsAccess } from './services.ts';

/** A program to attack: what starts it, and the services that it serves, each below its prefix. */
export interface Program {
  readonly name: string;
  readonly main: URL;
  readonly args: readonly string[];
  readonly services: readonly { readonly prefix: string; readonly access: ServiceAccess }[];
  /** Whether its command line makes administrators: `users add --admin LOGIN`, the password on standard input. */
  readonly hasAdministrators: boolean;
  /** Whether its setting `CLIENTS` names who may ask about tokens, by HTTP Basic. */
  readonly hasClients: boolean;
}

const built = (app: string): URL => new URL(`../../../${app}/dist/main.js`, import.meta.url);

const program = (
  name: string,
  services: Program['services'],
  { hasAdministrators = false, hasClients = false } = {},
): Program => ({ name, main: built(name), args: ['serve'], services, hasAdministrators, hasClients });

const widgets = { prefix: '', access: widgetsAccess };

/** The five programs of this repository, as `npm run build` makes them. */
export const PROGRAMS: readonly Program[] = [
  program('api', [widgets], { hasAdministrators: true, hasClients: true }),
  program('books', [{ prefix: '', access: booksAccess }]),
  program('ships', [{ prefix: '', access: shipsAccess }]),
  program('accounts', [{ prefix: '', access: accountsAccess }]),
  program(
    'all',
    [
      widgets,
      { prefix: '/books', access: booksAccess },
      { prefix: '/ships', access: shipsAccess },
      { prefix: '/accounts', access: accountsAccess },
    ],
    { hasAdministrators: true, hasClients: true },
  ),
];
