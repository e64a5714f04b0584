import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DatabaseSync } from '@photostructure/sqlite';
import { Unavailable } from '@portcullis/domain';
import { isBroken, isBusy, toFault } from '#faults';
import { folderOf } from './support/folder.ts';

const faultOf = (call: () => unknown): unknown => {
  try {
    call();
  } catch (fault) {
    return fault;
  }
  return assert.fail('no fault');
};

describe('a fault of SQLite', () => {
  // Of several rows the library tells the message and no code.
  for (const method of ['get', 'all'] as const) {
    it(`that comes with ${method}() tells a lock, which passes`, (t) => {
      const { file } = folderOf(t);
      const [holder, other] = [new DatabaseSync(file), new DatabaseSync(file, { timeout: 0 })];
      t.after(() => [holder, other].forEach((each) => void each.close()));
      holder.exec('CREATE TABLE things (name TEXT); BEGIN EXCLUSIVE');
      const fault = faultOf(() => other.prepare('SELECT name FROM things')[method]());
      assert.deepEqual([isBusy(fault), isBroken(fault), toFault(fault) instanceof Unavailable], [true, false, true]);
    });

    it(`that comes with ${method}() tells what does not pass`, (t) => {
      const database = new DatabaseSync(folderOf(t).file);
      t.after(() => database.close());
      const fault = faultOf(() => database.prepare("SELECT json('{')")[method]());
      assert.deepEqual([isBusy(fault), isBroken(fault), toFault(fault)], [false, false, fault]);
    });
  }
});
