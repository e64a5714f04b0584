#!/usr/bin/env node
// Proofs on processes of their own. They serve by this same program: it is the widgets service, with these commands in the place of its own.
import { api } from '@portcullis/api';
import { runService, wholeNumber } from '@portcullis/service';
import { proveFlat } from './prove-flat.ts';
import { proveLogout } from './prove-logout.ts';

await runService({
  service: {
    ...api,
    commands(program, leaf, io) {
      const logout = leaf(
        program,
        'logout',
        'Prove that no process serves a token once another one has acknowledged what takes it away: logout, demotion, removal and all else',
      );
      logout.command
        .option('--rounds <N>', 'How often', wholeNumber, 10)
        .action(({ rounds }: { rounds: number }) => logout.answers(() => proveLogout(io, rounds)));

      const flat = leaf(
        program,
        'flat',
        'Prove that sessions, revocations, secrets of mails and the audit trail do not grow, with lifetimes of two seconds',
      );
      flat.command
        .option('--seconds <N>', 'For how long; less than 180 shows nothing', wholeNumber, 180)
        .action(({ seconds }: { seconds: number }) => flat.answers(() => proveFlat(io, seconds)));
    },
  },
});
