import { EVENT_KINDS } from '@portcullis/domain';

/** The table of docs/events.md. */
export const eventTable = (): string =>
  [
    '| event | meaning | fields | repeated |',
    '|---|---|---|---|',
    ...Object.entries(EVENT_KINDS).map(([kind, { meaning, fields, merged }]) => {
      const all = Object.entries(fields).map(([name, says]) => `\`${name}\`: ${says}`);
      return `| \`${kind}\` | ${meaning} | ${all.join('; ')} | ${merged ? 'merged' : 'one by one'} |`;
    }),
  ].join('\n');

if (process.argv[1] === new URL(import.meta.url).pathname) process.stdout.write(`${eventTable()}\n`);
