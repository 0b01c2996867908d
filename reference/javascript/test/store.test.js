import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';

import { Store } from '../src/store.js';

let folder;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'store-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('what was written is there again', () => {
  const store = new Store(folder);
  store.put('links', 'a', { key: 9007199254740993n });
  store.put('links', 'b', 1);
  store.remove('links', 'b');
  store.write();
  assert.deepEqual([...new Store(folder).table('links')], [['a', { key: 9007199254740993n }]]);
});

test('what was not written is not', () => {
  new Store(folder).put('links', 'a', 1);
  assert.equal(new Store(folder).table('links').size, 0);
});

test('a line that a crash cut short ends the log, and the log goes on after it', () => {
  const store = new Store(folder);
  store.put('links', 'a', 1);
  store.write();
  appendFileSync(join(folder, 'state.log'), '["links","b",{"torn');
  const again = new Store(folder);
  again.put('links', 'c', 3);
  again.write();
  assert.deepEqual([...new Store(folder).table('links').keys()], ['a', 'c']);
});

test('a log of an older generation than the snapshot is left alone', () => {
  const store = new Store(folder);
  store.put('links', 'a', 1);
  store.write();
  const old = readFileSync(join(folder, 'state.log'));
  for (let count = 0; count < 2000; count += 1) store.put('links', 'a', count);
  store.tidy();
  writeFileSync(join(folder, 'state.log'), old); // as if the crash had come before it was replaced
  assert.equal(new Store(folder).table('links').get('a'), 1999);
});
