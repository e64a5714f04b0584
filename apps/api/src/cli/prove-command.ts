import { type Command, type Io, type Leaf, wholeNumber } from '@portcullis/service';

/** `prove logout` and `prove flat`: what only this service can show. */
export function proveCommand(program: Command, leaf: Leaf, io: Io): void {
  const prove = program.command('prove').description('Prove a promise on processes of its own');
  const { command, answers } = leaf(
    prove,
    'logout',
    'That no process serves a token once another one has acknowledged what takes it away: logout, demotion, removal and all else',
  );
  command
    .option('--rounds <N>', 'How often', wholeNumber, 10)
    .action(({ rounds }: { rounds: number }) =>
      answers(async () => (await import('./prove-logout.ts')).proveLogout(io, rounds)),
    );

  const flat = leaf(
    prove,
    'flat',
    'That sessions, revocations, secrets of mails and the audit trail do not grow, with lifetimes of two seconds',
  );
  flat.command
    .option('--seconds <N>', 'For how long; less than 180 shows nothing', wholeNumber, 180)
    .action(({ seconds }: { seconds: number }) =>
      flat.answers(async () => (await import('./prove-flat.ts')).proveFlat(io, seconds)),
    );
}
