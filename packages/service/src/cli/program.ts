import { resolve } from 'node:path';
import type { Result, StoreUse } from '@portcullis/domain';
import { Command, CommanderError } from 'commander';
import type { CommonParts } from '../composition/parts.ts';
import type { ServiceStores } from '../composition/store.ts';
import type { Leaf } from '../service-definition.ts';
import { wholeNumber } from './arguments.ts';
import type { AuditRequest } from './audit.ts';
import type { Io } from './io.ts';
import { printableJson, printableLines } from './printable.ts';
import { printerFor } from './printer.ts';
import { exitCodes, type Refusal, type Report, refusalOf } from './report.ts';
import type { Served } from './serve.ts';
import { accessChanges, addUser, changeAccess, listUsers, removeUser } from './users.ts';

type Outcome = Promise<Result<Report, Refusal>>;

/**
 * Runs one command line (the arguments alone) and answers the exit code: 0; 1 if the command was refused, failed, or its result could
 * not be written; 2 if it was not understood. Every command but `serve` is about the service at the root. A command loads what it alone
 * needs when it runs: `--help` waits for no database.
 */
export async function runProgram(served: Served, args: readonly string[], io: Io): Promise<number> {
  const { service } = served;
  // Asked of the arguments and not of the parser, since what it cannot parse is told in JSON, too.
  const json = args.includes('--json');
  const printer = printerFor(io, json);
  let exitCode: number = exitCodes.done;

  const answer = async (command: () => Outcome): Promise<void> => {
    const answered = await command();
    exitCode = answered.ok ? printer.report(answered.value) : printer.refusal(answered.error);
  };
  const onStore = (
    command: (composition: CommonParts & { readonly store: ServiceStores }) => Outcome,
    use?: StoreUse,
  ): Promise<void> => answer(async () => (await import('./composed.ts')).composed(service, io, command, use));

  const program = new Command(service.name)
    .description(`${service.description} Without a command it serves.`)
    .version(service.version)
    .exitOverride()
    .showHelpAfterError(!json)
    .configureOutput({
      writeOut: printer.out,
      writeErr: printer.err,
      // It repeats an argument, which may hold what a terminal obeys.
      outputError: (text, write) =>
        write(
          json
            ? `${printableJson({ error: { kind: 'usage', message: text.trim().replace(/^error: /, '') } })}\n`
            : `${printableLines(text.trimEnd())}\n`,
        ),
    });
  const leaf = (parent: Command, name: string, description: string): Command =>
    parent.command(name).description(description).option('--json', 'Answer in JSON, for machines');
  const LOGIN = `<${service.loginField.toUpperCase()}>`;

  leaf(program, 'serve', 'Serve the API until SIGTERM or SIGINT').action(async () => {
    const ended = await (await import('./serve.ts')).serve(served, io, { json });
    if (!ended.ok) exitCode = printer.refusal(ended.error);
  });

  const users = program.command('users').description('Add, list and change users');
  leaf(
    users,
    'add',
    service.loginField === 'email'
      ? 'Add a new user to the database with email address = EMAIL.'
      : `Add a new user to the database with ${service.loginField} = ${service.loginField.toUpperCase()}.`,
  )
    .argument(LOGIN)
    .option('--admin', 'New user has administrator role')
    .option('--password <TEXT>', 'Do not set password on the command line!')
    .action((login: string, { admin = false, password }: { admin?: boolean; password?: string }) =>
      onStore(
        (composition) =>
          addUser(composition, service, { login, admin, password }, async () =>
            (await import('./new-password.ts')).newPassword(io),
          ),
        'write',
      ),
    );
  leaf(users, 'import', 'Add the users of another system with the hashes that they have there')
    .argument('<FILE>', 'One JSON object a line')
    .action((file: string) =>
      onStore(
        async (composition) =>
          (await import('./import-users.ts')).importUsers(composition, service, resolve(io.folder, file)),
        'write',
      ),
    );
  leaf(users, 'list', 'List every user, in the order of registration').action(() =>
    onStore((composition) => listUsers(composition, service)),
  );
  for (const [name, { summary }] of Object.entries(accessChanges)) {
    leaf(users, name, summary)
      .argument(LOGIN)
      .action((login: string) =>
        onStore((composition) => changeAccess(composition, service, login, name as keyof typeof accessChanges)),
      );
  }
  leaf(users, 'remove', `Remove a user; the ${service.loginField} is free again`)
    .argument(LOGIN)
    .action((login: string) => onStore((composition) => removeUser(composition, service, login)));

  leaf(program, 'audit', 'List what happened, the newest first: who logged in, failed to, changed what')
    .option(`--user ${LOGIN}`, 'Of one user')
    .option('--event <KIND>', 'Of one kind, such as login-failed')
    .option('--limit <N>', 'How many at most', wholeNumber, 50)
    .action((request: AuditRequest) =>
      onStore(async (composition) => (await import('./audit.ts')).listAudit(composition, service, request)),
    );

  leaf(program, 'routes', 'List every route, and who may use it').action(() =>
    answer(async () => (await import('./description.ts')).listRoutes(service)),
  );
  leaf(program, 'openapi', 'Print the OpenAPI document').action(() =>
    answer(async () => (await import('./description.ts')).printDocument(service)),
  );
  leaf(program, 'settings', 'List every setting: its variable, default and meaning')
    .option('--env', 'As the text of .env.example')
    .option('--markdown', 'As the table of the README')
    .action(({ env, markdown }: { env?: boolean; markdown?: boolean }) =>
      answer(async () =>
        (await import('./settings.ts')).listSettings(
          service.settings.references,
          env ? 'env' : markdown ? 'markdown' : 'table',
        ),
      ),
    );

  const db = program.command('db').description('The store that the settings choose');
  leaf(db, 'migrate', 'Bring the store and its indexes to this release').action(() =>
    onStore(async ({ store }) => {
      await store.migrate();
      return (await import('./db-status.ts')).dbStatus(store);
    }, 'prepare'),
  );
  leaf(db, 'status', 'Say which store it is and how it is').action(() =>
    onStore(async ({ store }) => (await import('./db-status.ts')).dbStatus(store)),
  );

  const ownLeaf: Leaf<CommonParts & { readonly store: ServiceStores }> = (parent, name, description) => ({
    command: leaf(parent, name, description),
    answers: answer,
    answersOn: onStore,
  });
  service.commands?.(program, ownLeaf, io);

  try {
    await program.parseAsync(args.length === 0 ? ['serve'] : args, { from: 'user' });
  } catch (fault) {
    const refusal = refusalOf(fault);
    if (refusal) exitCode = printer.refusal(refusal);
    else if (fault instanceof CommanderError) exitCode = fault.exitCode === 0 ? exitCodes.done : exitCodes.usage;
    else throw fault;
  }
  return printer.end(exitCode);
}
