// The contract's data types, and the vectors that the project publishes for them.

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

import { back, NONE } from '../src/backcasts.js';
import { image, textOf } from '../src/casts.js';
import { parse, same, stringify } from '../src/json.js';

const VECTORS = new URL('../../../fixtures/casts.json', import.meta.url);
const without = existsSync(VECTORS) ? false : 'the published vectors are not here';
const vectors = () => parse(readFileSync(VECTORS, 'utf8'));

test('every published image', { skip: without }, () => {
  for (const { type, value, image: wanted, why } of vectors().forward) {
    const made = image(type, value);
    assert.ok(same(made, wanted), `${stringify(type)} of ${stringify(value)}: ${stringify(made)} (${why})`);
  }
});

test('every published way back', { skip: without }, () => {
  for (const { type, schema, old, target, value, also = [], none, why } of vectors().back) {
    const made = back(type, target, old, schema);
    const told = `${stringify(type)} back from ${stringify(target)}: ${String(stringify(made))} (${why})`;
    if (none) assert.equal(made, NONE, told);
    else
      assert.ok(
        [value, ...also].some((each) => same(made, each)),
        told,
      );
  }
});

test('numbers as texts have no exponent', () => {
  assert.equal(textOf(1e21), '1000000000000000000000');
  assert.equal(textOf(1.5e-7), '0.00000015');
  assert.equal(textOf(-2.5e-7), '-0.00000025');
  assert.equal(textOf(-0), '0');
  assert.equal(textOf(1152921504606846976n), '1152921504606846976');
});

test('the names of object members are no data types', () => {
  assert.equal(image('constructor', 'x'), null);
  assert.equal(image(['toString', '_.'], 'x'), null);
});
