// Links: what is known of one outlives the process.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

import { Links } from '../src/links.js';
import { Store } from '../src/store.js';

const PAIR = { number: 0, type: { source: 'A', target: 'B' } };

test('an unwanted counterpart is still unwanted after a restart', () => {
  const folder = mkdtempSync(join(tmpdir(), 'links-'));
  const opened = () => {
    const store = new Store(folder);
    return { store, links: new Links(store, [PAIR], () => {}) };
  };
  const first = opened();
  first.links.make(PAIR, 'a', 1, {}, { unwanted: true });
  first.links.make(PAIR, 'b', 2, {});
  first.store.close();
  const again = opened();
  assert.deepEqual(
    [...again.links.live()].map((link) => [link.source, Boolean(link.unwanted)]),
    [['a', true], ['b', false]],
  );
  again.store.close();
  rmSync(folder, { recursive: true });
});
