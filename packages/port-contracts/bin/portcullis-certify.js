#!/usr/bin/env node
import { runCommand } from '#command-line';

const status = await runCommand(process.argv.slice(2), {
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
});
// At once, since an adapter that hangs would keep the process alive; but not before the report is out.
process.stdout.write('', () => process.exit(status));
