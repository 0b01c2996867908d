// The three-way merge: for each situation, what has to stand on either side.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Mapping } from '../src/mapping.js';
import { agree, compose, plan } from '../src/merge.js';

const KEYS = { keepsFilled: false, counterpart: () => undefined };
const POLICIES = { conflicts: 'latest-wins', empty: 'propagate' };

/** A link of two records whose rows are `rows`; `agreed` data are what both sides agreed on. */
function link(rows, agreedSource, agreedTarget, keys = KEYS) {
  const mapping = new Mapping(rows, {});
  const agreed = { source: {}, target: {}, waiting: {} };
  const steps = planned({ mapping, agreed, keys }, agreedSource, agreedTarget).steps;
  for (const step of steps) agree(agreed, step);
  return { mapping, agreed, keys };
}

function planned({ mapping, agreed, keys }, source, target, { at = [1, 1], policies = {} } = {}) {
  return plan({
    mapping,
    agreed,
    source: { key: 's', at: at[0], data: source },
    target: { key: 7, at: at[1], data: target },
    policies: { ...POLICIES, ...policies },
    keys: { ...keys, keepsFilled: policies.empty === 'keep' },
  });
}

const NAME = [{ source: 'name', target: 'Name', type: 'string' }];

test('an edit on either side reaches the other', () => {
  const known = link(NAME, { name: 'a' }, { Name: 'a' });
  assert.equal(planned(known, { name: 'b' }, { Name: 'a' }).target.Name, 'b');
  assert.equal(planned(known, { name: 'a' }, { Name: 'c' }).source.name, 'c');
});

test('of two edits the later wins, or the side that the policy names', () => {
  const known = link(NAME, { name: 'a' }, { Name: 'a' });
  const both = (options) => planned(known, { name: 'b' }, { Name: 'c' }, options);
  assert.equal(both({ at: [2, 1] }).target.Name, 'b');
  assert.equal(both({ at: [1, 2] }).source.name, 'c');
  assert.equal(both({ at: [2, 1], policies: { conflicts: 'target-wins' } }).source.name, 'c');
});

test('edits of different properties all survive', () => {
  const known = link(
    [...NAME, { source: 'mail', target: 'Mail' }],
    { name: 'a', mail: 'x' },
    { Name: 'a', Mail: 'x' },
  );
  const made = planned(known, { name: 'b', mail: 'x' }, { Name: 'a', Mail: 'y' });
  assert.deepEqual(made.source, { name: 'b', mail: 'y' });
  assert.deepEqual(made.target, { Name: 'b', Mail: 'y' });
});

test('an emptied property empties the other side, unless the policy keeps what is filled', () => {
  const known = link(NAME, { name: 'a' }, { Name: 'a' });
  assert.deepEqual(planned(known, {}, { Name: 'a', Other: 1 }).target, { Other: 1 });
  const kept = planned(known, {}, { Name: 'a' }, { policies: { empty: 'keep' } });
  assert.equal(kept.target.Name, 'a');
  assert.equal(
    planned(known, {}, { Name: 'c' }, { at: [2, 1], policies: { empty: 'keep' } }).source.name,
    'c',
  );
});

test('a first element that was emptied leaves a kept list alone', () => {
  const known = link(
    [{ source: 'codes', target: 'Code', type: 'first' }],
    { codes: ['a', 'b'] },
    { Code: 'a' },
  );
  const emptied = (empty) => planned(known, { codes: ['a', 'b'] }, { Code: '' }, { policies: { empty } });
  assert.deepEqual(emptied('propagate').source.codes, ['', 'b']);
  assert.deepEqual(emptied('keep').source.codes, ['a', 'b']);
});

test('merged records fill one another; only what differs is in conflict', () => {
  const fresh = {
    mapping: new Mapping([...NAME, { source: 'mail', target: 'Mail' }], {}),
    agreed: {},
    keys: KEYS,
  };
  const made = planned(fresh, { name: 'a', mail: '' }, { Name: '', Mail: 'y' });
  assert.deepEqual(
    [made.source, made.target],
    [
      { name: 'a', mail: 'y' },
      { Name: 'a', Mail: 'y' },
    ],
  );
});

test('elements are matched by position, and keep what is not listed', () => {
  const rows = [{ source: 'lines[].price', target: 'Lines[].Price', type: 'decimal' }];
  const known = link(rows, { lines: [{ price: '1.10' }] }, { Lines: [{ Price: 1.1, Bin: 'A' }] });
  const more = planned(
    known,
    { lines: [{ price: '1.20' }, { price: '3' }] },
    { Lines: [{ Price: 1.1, Bin: 'A' }] },
  );
  assert.deepEqual(more.target.Lines, [{ Price: 1.2, Bin: 'A' }, { Price: 3 }]);
  const fewer = planned(known, { lines: [{ price: '1.10', note: 'n' }] }, { Lines: [] });
  assert.deepEqual(fewer.source.lines, []);
});

test('a condition chooses the element, and makes it where there is none', () => {
  const when = [{ side: 'target', path: 'Phones[].Kind', equals: 'mobile' }];
  const rows = [{ source: 'phone', target: 'Phones[].Number', when }];
  const { data } = compose({
    mapping: new Mapping(rows, {}),
    side: 'source',
    record: { key: 's', data: { phone: '1' } },
    keys: KEYS,
  });
  assert.deepEqual(data, { Phones: [{ Kind: 'mobile', Number: '1' }] });
  const known = link(
    rows,
    { phone: '1' },
    {
      Phones: [
        { Kind: 'home', Number: '9' },
        { Kind: 'mobile', Number: '1' },
      ],
    },
  );
  const made = planned(
    known,
    { phone: '2' },
    {
      Phones: [
        { Kind: 'home', Number: '9' },
        { Kind: 'mobile', Number: '1' },
      ],
    },
  );
  assert.deepEqual(
    made.target.Phones.map((each) => each.Number),
    ['9', '2'],
  );
});

test('a row with a condition on the record gives a new record its value, and is idle elsewhere', () => {
  const when = [{ side: 'target', path: 'Kind', equals: 'person' }];
  const mapping = new Mapping([{ source: 'name', target: 'Name', when }], {});
  const { data } = compose({
    mapping,
    side: 'source',
    record: { key: 's', data: { name: 'a' } },
    keys: KEYS,
  });
  assert.deepEqual(data, { Kind: 'person', Name: 'a' });
  const made = planned({ mapping, agreed: {}, keys: KEYS }, { name: 'a' }, { Kind: 'company' });
  assert.deepEqual(made.target, { Kind: 'company' });
});

test('one side alone passing a list: the element that held the old value is written', () => {
  const known = link(
    [{ source: 'mail', target: 'Mails[].At' }],
    { mail: 'a' },
    { Mails: [{ At: 'z' }, { At: 'a' }] },
  );
  const made = planned(known, { mail: 'b' }, { Mails: [{ At: 'z' }, { At: 'a' }] });
  assert.deepEqual(made.target.Mails, [{ At: 'z' }, { At: 'b' }]);
  const edited = planned(known, { mail: 'a' }, { Mails: [{ At: 'z' }, { At: 'c' }] });
  assert.equal(edited.source.mail, 'c');
});

test('several sources: the target equals one of them, and its edit reaches one', () => {
  const rows = [
    { source: 'a', target: 'T' },
    { source: 'b', target: 'T' },
  ];
  const known = link(rows, { a: '1', b: '2' }, { T: '1' });
  assert.equal(planned(known, { a: '1', b: '3' }, { T: '1' }).target.T, '3');
  assert.deepEqual(planned(known, { a: '1', b: '2' }, { T: '9' }).source, { a: '9', b: '2' });
});

test('several targets: an edit of one reaches the others', () => {
  const rows = [
    { source: 'a', target: 'T' },
    { source: 'a', target: 'U' },
  ];
  const made = planned(link(rows, { a: '1' }, { T: '1', U: '1' }), { a: '1' }, { T: '1', U: '2' });
  assert.deepEqual([made.source, made.target], [{ a: '2' }, { T: '2', U: '2' }]);
});

test('a key overwrites what people write opposite it', () => {
  const rows = [{ source: { key: true }, target: 'ShopNumber' }];
  assert.equal(
    planned({ mapping: new Mapping(rows, {}), agreed: {}, keys: KEYS }, {}, { ShopNumber: 'x' }).target
      .ShopNumber,
    's',
  );
});

test('a reference waits until its counterpart is known, then goes over', () => {
  const rows = [{ source: 'customer', target: 'CustomerNo', reference: { source: 'C', target: 'C' } }];
  const known = link(rows, { customer: null }, {});
  const waiting = planned(known, { customer: 'c1' }, {});
  assert.deepEqual([waiting.target, waiting.waiting], [{}, true]);
  for (const step of waiting.steps) agree(known.agreed, step);
  known.keys = { ...KEYS, counterpart: () => 1001 };
  assert.equal(planned(known, { customer: 'c1' }, {}).target.CustomerNo, 1001);
});

test('what has no source value is left alone, and is not tried again', () => {
  const rows = [{ source: 'on', target: 'On', type: ['datetime-format', '%Y-%m-%d', '_.'] }];
  const known = link(rows, { on: '2024-05-01T10:00:00Z' }, { On: '2024-05-01' });
  const made = planned(known, { on: '2024-05-01T10:00:00Z' }, { On: 'soon' });
  assert.equal(made.source.on, '2024-05-01T10:00:00Z');
  assert.deepEqual(made.steps[0].needs, []);
});
