import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readJsonMembers } from '@portcullis/http';
import fc from 'fast-check';

describe('the members of a JSON object', () => {
  it('are told with the names that stand more than once, whatever their values and however they are spelt (generated)', () => {
    const name = fc.oneof(
      fc.constantFrom('', 'a', '__proto__', '"', '\\', '{', '[:', 'é', '\ud83d\ude00'),
      fc.string(),
    );
    const blank = fc.stringMatching(/^[ \t\r\n]{0,3}$/);
    const escaped = (text: string): string =>
      `"${[...Array(text.length).keys()].map((at) => `\\u${text.charCodeAt(at).toString(16).padStart(4, '0')}`).join('')}"`;
    const member = fc.record({ name, value: fc.jsonValue(), isEscaped: fc.boolean(), blank });
    fc.assert(
      fc.property(fc.array(member, { maxLength: 12 }), blank, (members, around) => {
        const text = members
          .map((one) => {
            const key = one.isEscaped ? escaped(one.name) : JSON.stringify(one.name);
            return `${one.blank}${key}${one.blank}:${one.blank}${JSON.stringify(one.value)}${one.blank}`;
          })
          .join(',');
        const read = readJsonMembers(`${around}{${text}}${around}`);
        assert.ok(read.ok);
        const names = members.map((one) => one.name);
        assert.deepEqual([...read.value.members.keys()].sort(), [...new Set(names)].sort());
        const repeated = names.filter((one, at) => names.indexOf(one) !== at);
        assert.deepEqual([...read.value.repeated].sort(), [...new Set(repeated)].sort());
        for (const { name: key, value } of members) {
          if (!read.value.repeated.has(key))
            assert.deepEqual(read.value.members.get(key), JSON.parse(JSON.stringify(value)));
        }
      }),
      { numRuns: 300 },
    );
  });

  it('are not there in other JSON, nor in other texts', () => {
    for (const text of ['null', '[]', '"a"', '1', '[{"a":1}]'])
      assert.deepEqual(readJsonMembers(text), { ok: false, error: 'not-an-object' }, text);
    for (const text of ['', '{', "{'a':1}", '{"a":1}}', '\ufeff{}'])
      assert.deepEqual(readJsonMembers(text), { ok: false, error: 'not-json' }, text);
  });

  it('are read in one pass, in a text of megabytes too', () => {
    const started = process.cpuUsage();
    const read = readJsonMembers(
      `{"long":"${'\\"x'.repeat(2_000_000)}","spaces"${' '.repeat(1_000_000)}:1,"spaces":2}`,
    );
    assert.ok(read.ok);
    assert.deepEqual([...read.value.repeated], ['spaces']);
    assert.ok(process.cpuUsage(started).user < 5_000_000);
  });
});
