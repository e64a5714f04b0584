import { readFile } from 'node:fs/promises';
import type { Result } from '@portcullis/domain';
import { Command, CommanderError, InvalidArgumentError } from 'commander';
import type { Composition } from '../composition/compose.ts';
import type { Io } from './io.ts';
import { exitCodes, printRefusal, printReport, type Refusal, type Report, refusalOf } from './report.ts';
import { accessChanges, addUser, changeAccess, listUsers, removeUser } from './users.ts';

type Outcome = Promise<Result<Report, Refusal>>;

const EMAIL = '<EMAIL>';

/**
 * Runs one command line (the arguments alone) and answers the exit code: 0, 1 where the command was refused or failed,
 * 2 where it was not understood. What only some commands need is loaded when they run: `--help` waits for no database.
 */
export async function runProgram(args: readonly string[], io: Io): Promise<number> {
  // Asked of the arguments and not of the parser, since what it cannot parse is told in JSON, too.
  const json = args.includes('--json');
  let exitCode: number = exitCodes.done;

  const answer = async (command: () => Outcome): Promise<void> => {
    const answered = await command();
    exitCode = answered.ok ? printReport(io, json, answered.value) : printRefusal(io, json, answered.error);
  };
  const onStore = (command: (composition: Composition) => Outcome): Promise<void> =>
    answer(async () => (await import('./composed.ts')).composed(io, command));

  const program = new Command('portcullis')
    .description('Users, bearer tokens and widgets over HTTP. Without a command it serves.')
    .version(await version())
    .exitOverride()
    .showHelpAfterError(!json)
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
      outputError: (text, write) =>
        write(
          json
            ? `${JSON.stringify({ error: { kind: 'usage', message: text.trim().replace(/^error: /, '') } })}\n`
            : text,
        ),
    });
  const leaf = (parent: Command, name: string, description: string): Command =>
    parent.command(name).description(description).option('--json', 'Answer in JSON, for machines');

  leaf(program, 'serve', 'Serve the API until SIGTERM or SIGINT').action(async () => {
    const served = await (await import('./serve.ts')).serve(io, { json });
    if (!served.ok) exitCode = printRefusal(io, json, served.error);
  });

  const users = program.command('users').description('Add, list and change users');
  leaf(users, 'add', 'Add a new user to the database with email address = EMAIL.')
    .argument(EMAIL)
    .option('--admin', 'New user has administrator role')
    .option('--password <TEXT>', 'Do not set password on the command line!')
    .action((email: string, { admin = false, password }: { admin?: boolean; password?: string }) =>
      onStore((composition) =>
        addUser(composition, { email, admin, password }, async () =>
          (await import('./new-password.ts')).newPassword(io),
        ),
      ),
    );
  leaf(users, 'list', 'List every user, in the order of registration').action(() => onStore(listUsers));
  for (const [name, { summary }] of Object.entries(accessChanges)) {
    leaf(users, name, summary)
      .argument(EMAIL)
      .action((email: string) =>
        onStore((composition) => changeAccess(composition, email, name as keyof typeof accessChanges)),
      );
  }
  leaf(users, 'remove', 'Remove a user; the email is free again')
    .argument(EMAIL)
    .action((email: string) => onStore((composition) => removeUser(composition, email)));

  leaf(program, 'routes', 'List every route, and who may use it').action(() =>
    answer(async () => (await import('./description.ts')).listRoutes()),
  );
  leaf(program, 'openapi', 'Print the OpenAPI document').action(() =>
    answer(async () => (await import('./description.ts')).printDocument()),
  );
  leaf(program, 'settings', 'List every setting: its variable, default and meaning')
    .option('--env', 'As the text of .env.example')
    .option('--markdown', 'As the table of the README')
    .action(({ env, markdown }: { env?: boolean; markdown?: boolean }) =>
      answer(async () => (await import('./settings.ts')).listSettings(env ? 'env' : markdown ? 'markdown' : 'table')),
    );

  const prove = program.command('prove').description('Prove a promise on processes of its own');
  leaf(prove, 'logout', 'That no process serves a token once logout, demotion or removal was acknowledged by another')
    .option('--rounds <N>', 'How often', wholeNumber, 10)
    .action(({ rounds }: { rounds: number }) =>
      answer(async () => (await import('./prove-logout.ts')).proveLogout(io, rounds)),
    );

  const db = program.command('db').description('The store that the settings choose');
  leaf(db, 'migrate', 'Bring the store and its indexes to this release').action(() =>
    onStore(async ({ store }) => {
      await store.migrate();
      return (await import('./db-status.ts')).dbStatus(store);
    }),
  );
  leaf(db, 'status', 'Say which store it is and how it is').action(() =>
    onStore(async ({ store }) => (await import('./db-status.ts')).dbStatus(store)),
  );

  try {
    await program.parseAsync(args.length === 0 ? ['serve'] : args, { from: 'user' });
    return exitCode;
  } catch (fault) {
    if (fault instanceof CommanderError) return fault.exitCode === 0 ? exitCodes.done : exitCodes.usage;
    const refusal = refusalOf(fault);
    if (!refusal) throw fault;
    return printRefusal(io, json, refusal);
  }
}

/** The version of this program: beside `dist` as beside `src`, `package.json` is two folders up. */
async function version(): Promise<string> {
  const manifest: unknown = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8'));
  return manifest !== null && typeof manifest === 'object' && 'version' in manifest ? String(manifest.version) : '';
}

function wholeNumber(text: string): number {
  if (!/^[1-9][0-9]{0,5}$/.test(text)) throw new InvalidArgumentError('expected a whole number from 1 to 999999');
  return Number(text);
}
