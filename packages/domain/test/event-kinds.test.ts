import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { EVENT_KINDS } from '@portcullis/domain';
import { eventTable } from './support/event-table.ts';

describe('kinds of events', () => {
  it('are in docs/events.md with every field, as support/event-table.ts prints them', () => {
    const document = readFileSync(new URL('../../../docs/events.md', import.meta.url), 'utf8');
    assert.equal(document.match(/\| event \|[\s\S]*?\n(?=\n)/)?.[0].trimEnd(), eventTable());
  });

  it('have no field for a secret, a login or an address', () => {
    for (const [kind, { fields }] of Object.entries(EVENT_KINDS)) {
      assert.doesNotMatch(Object.keys(fields).join(), /password|secret|login|email|address|hash/i, kind);
    }
  });
});
