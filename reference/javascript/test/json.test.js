import assert from 'node:assert/strict';
import { test } from 'node:test';

import { canonical, copy, isEmpty, parse, same, setMember, stringify } from '../src/json.js';

test('numbers that a double does not hold come back as they went', () => {
  const text = '{"a":1152921504606846976,"b":-99999999999999999999,"c":0.1,"d":"1234567890123456789"}';
  assert.equal(stringify(parse(text)), text);
});

test('large doubles are written in full, not rounded to the shortest digits', () => {
  assert.equal(stringify(2 ** 60), '1152921504606846976');
});

test('a text that is no JSON is refused, whatever digits are in it', () => {
  assert.throws(() => parse('{"a":0000000000000000001}'), SyntaxError);
});

test('null members count as missing, and their order does not count', () => {
  assert.ok(same({ a: 1, b: null }, { a: 1 }));
  assert.ok(same({ a: 1, b: 2 }, { b: 2, a: 1 }));
  assert.ok(!same({ a: 1 }, { a: '1' }));
  assert.ok(!same([1, 2], [2, 1]));
  assert.ok(same(undefined, null));
});

test('a member may be called __proto__', () => {
  const made = {};
  setMember(made, '__proto__', { x: 1 });
  assert.equal(stringify(copy(made)), '{"__proto__":{"x":1}}');
  assert.equal(canonical(parse('{"__proto__":1,"a":2}')), '{"__proto__":1,"a":2}');
});

test('what is empty', () => {
  for (const value of [null, undefined, '', []]) assert.ok(isEmpty(value));
  for (const value of [0, false, {}, ' ', [null]]) assert.ok(!isEmpty(value));
});
