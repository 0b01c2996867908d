import assert from 'node:assert/strict';
import { test } from 'node:test';

import { patch, Storefront } from '../src/storefront.js';

test('a merge patch takes away, sets and reaches into objects', () => {
  const made = patch(
    { a: 1, b: { c: 1, d: 2 }, e: [1], f: null },
    { b: { c: 1, d: 3 }, e: [1, 2], f: null, g: 'x' },
  );
  assert.deepEqual(made, { a: null, b: { d: 3 }, e: [1, 2], g: 'x' });
});

test('pages are read backwards, so that a record that moves is not missed', async () => {
  const items = ['a', 'b', 'c'].map((id, at) => ({
    id,
    modified_at: `2024-01-01T00:00:0${at}Z`,
    data: {},
  }));
  const asked = [];
  const send = async (_, target) => {
    const page = Number(/&page=([0-9]+)/.exec(target)[1]);
    asked.push(page);
    const answer = { status: 200, body: { items: items.slice(page - 1, page), page, pages: items.length } };
    if (asked.length === 1) items.push({ ...items.shift(), modified_at: '2024-01-01T00:00:09Z' }); // "a" is edited
    return answer;
  };
  const { records, cursor } = await new Storefront({ send }).changes('things', undefined);
  assert.deepEqual(asked, [1, 3, 2, 1]);
  assert.deepEqual(records.map(({ key }) => key).sort(), ['a', 'b', 'c']);
  assert.equal(cursor, '2024-01-01T00:00:09Z');
});
