#!/usr/bin/env node
import { runCommand } from '#command-line';
import { runSubject } from '#subject-process';

const [first, order] = process.argv.slice(2);
if (first === '--subject' && process.send) {
  await runSubject(JSON.parse(order), (told) => new Promise((resolve) => process.send(told, () => resolve())));
} else {
  process.exitCode = await runCommand(process.argv.slice(2), {
    out: (text) => process.stdout.write(text),
    err: (text) => process.stderr.write(text),
  });
}
