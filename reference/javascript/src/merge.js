// The three-way merge of two linked records. Rule: pure; it says what to write, and writes nothing.
//
// A link's `agreed` holds, for each side and node, the entry that both sides last agreed on, and in
// `waiting` the side whose key could not be translated then. A record is `{key, at, data}`.

import { canonical, copy, isEmpty, same } from './json.js';
import { isMet, isUnset } from './mapping.js';
import { set } from './paths.js';

/**
 * Plans what brings two records into agreement. Gives `{source, target, steps, waiting}`: the data
 * that each side has to hold, and for each component the entries to be agreed on once the sides
 * in its `needs` are written.
 */
export function plan({ mapping, source, target, agreed, policies, keys }) {
  const work = {
    source: { ...source, data: copy(source.data) },
    target: { ...target, data: copy(target.data) },
  };
  const steps = mapping.components(source.data, target.data).map((component) => {
    const before = component.entries(source, target, agreed, keys);
    const waiting = carry(component, work, {
      agreed,
      policies,
      keys,
      first: winner(policies.conflicts, source, target),
    });
    const entries = component.entries(work.source, work.target, agreed, keys);
    const needs = ['source', 'target'].filter((side) => !sameEntries(before[side], entries[side]));
    return { entries, needs, waiting };
  });
  return {
    source: work.source.data,
    target: work.target.data,
    steps,
    waiting: steps.some((step) => step.waiting),
  };
}

/**
 * Composes the data of a record that is to be created on the side opposite to `record`, which
 * stands on `side`. Gives `{data, agreed}`.
 */
export function compose({ mapping, side, record, keys }) {
  const made = { data: {} };
  const opposite = side === 'source' ? 'target' : 'source';
  const records = { [side]: record, [opposite]: made };
  for (const edge of mapping.edges) fulfil(edge, side, opposite, records, keys);
  const agreed = { source: {}, target: {}, waiting: {} };
  const none = { source: {}, target: {} };
  for (const component of mapping.components(records.source.data, records.target.data)) {
    const way = side === 'source' ? 'push' : 'pull';
    const probe = { ...records, [side]: { ...record, data: copy(record.data) } };
    const outcome = component[way](probe.source, probe.target, none, keys);
    const toKey = component.edges.some((edge) => edge[opposite].isKey);
    if (toKey || !(outcome === 'waiting' || component.agrees(records.source, records.target, keys)))
      continue;
    agree(agreed, {
      entries: component.entries(records.source, records.target, none, keys),
      waiting: outcome === 'waiting' ? side : undefined,
    });
  }
  return { data: made.data, agreed };
}

/** Takes a step's entries into what is agreed, in place. */
export function agree(agreed, { entries, waiting }) {
  for (const side of ['source', 'target']) Object.assign((agreed[side] ??= {}), entries[side]);
  agreed.waiting ??= {};
  for (const id of Object.keys(entries.source)) {
    if (waiting) agreed.waiting[id] = waiting;
    else delete agreed.waiting[id];
  }
}

/** Forgets the entries of nodes whose rows don't apply any more, in place. */
export function forgetOthers(agreed, steps) {
  for (const side of ['source', 'target']) {
    const known = new Set(steps.flatMap((step) => Object.keys(step.entries[side])));
    for (const id of Object.keys(agreed[side] ?? {})) if (!known.has(id)) delete agreed[side][id];
  }
}

/** Gives the side that a conflict policy prefers. */
function winner(policy, source, target) {
  if (policy === 'source-wins') return 'source';
  if (policy === 'target-wins') return 'target';
  return source.at >= target.at ? 'source' : 'target';
}

/** Carries a component the right way, in place; gives the side that waits for a key, if one does. */
function carry(component, { source, target }, { agreed, policies, keys, first }) {
  const direction = decide(component, { source, target }, { agreed, policies, keys, first });
  if (!direction) return component.edges.map((edge) => agreed.waiting?.[edge.source.id]).find(Boolean);
  const { side, changed } = direction;
  const known = { source: agreed.source ?? {}, target: agreed.target ?? {} };
  const outcome = component[side === 'source' ? 'push' : 'pull'](source, target, known, keys, changed);
  return outcome === 'waiting' ? side : undefined;
}

function decide(component, { source, target }, { agreed, policies, keys, first }) {
  if (component.hasKey)
    return { side: component.edges.some((edge) => edge.source.isKey) ? 'source' : 'target' };
  const now = component.entries(source, target, agreed, keys);
  const stale = { source: edited(now.source, agreed.source), target: edited(now.target, agreed.target) };
  if (stale.source === undefined || stale.target === undefined)
    return unbased(component, source, target, keys, now, first);
  const [inSource, inTarget] = [stale.source.size > 0, stale.target.size > 0];
  if (!inSource && !inTarget) {
    const side = component.edges.map((edge) => agreed.waiting?.[edge.source.id]).find(Boolean);
    return side && { side };
  }
  if (!inTarget) return { side: 'source', changed: stale.source };
  if (!inSource) return { side: 'target', changed: stale.target };
  if (component.agrees(source, target, keys)) return undefined;
  const side = policies.empty === 'keep' ? (filledSide(now, stale) ?? first) : first;
  return { side, changed: stale[side] };
}

/** Decides where nothing was agreed yet: a filled side stands where the other is empty. */
function unbased(component, source, target, keys, now, first) {
  if (component.agrees(source, target, keys)) return undefined;
  const [noSource, noTarget] = [now.source, now.target].map((entries) =>
    Object.values(entries).every(({ value }) => isEmpty(value)),
  );
  if (noSource && noTarget) return undefined;
  if (noTarget) return { side: 'source' };
  return { side: noSource ? 'target' : first };
}

/** Gives the side that still holds something, where the other's edits emptied theirs. */
function filledSide(now, stale) {
  const emptied = (side) => [...stale[side]].every((id) => isEmpty(now[side][id].value));
  if (emptied('source') === emptied('target')) return undefined;
  return emptied('source') ? 'target' : 'source';
}

/** Gives the ids of entries that differ from the agreed ones; undefined if one never was agreed. */
function edited(entries, agreed = {}) {
  const found = new Set();
  for (const [id, { value }] of Object.entries(entries)) {
    if (!Object.hasOwn(agreed, id)) return undefined;
    if (!same(value, agreed[id].value)) found.add(id);
  }
  return found;
}

/** Gives a record in the making the values on which a row with something to carry depends. */
function fulfil(edge, side, opposite, records, keys) {
  const [own, others] = [side, opposite].map((each) =>
    edge.conditions.filter((condition) => condition.side === each),
  );
  if (!others.length || !own.every((condition) => isMet(condition, records[side].data))) return;
  const { value } = edge[side].entry(records[side].data, records[side].key);
  const carried = side === 'source' ? edge.forward(value, keys) : edge.backward(value, undefined, keys);
  if (
    carried === null ||
    !others.every((each) => isMet(each, records[opposite].data) || isUnset(each, records[opposite].data))
  )
    return;
  for (const { path, equals } of others) if (!path.isList) set(records[opposite].data, path.head, equals);
}

function sameEntries(left, right) {
  return (
    canonical(Object.entries(left).map(([id, { value }]) => [id, value])) ===
    canonical(Object.entries(right).map(([id, { value }]) => [id, value]))
  );
}
