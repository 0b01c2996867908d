// Property paths. Rule: dotted, and at most one segment is marked [] as a list.

import { isNothing, isObject, member, setMember } from './json.js';

/**
 * Reads a path: `head` leads to the property, or to the list where `isList`; `tail` leads from an
 * element of that list to the property.
 */
export function parsePath(text) {
  const segments = text.split('.');
  const at = segments.findIndex((segment) => segment.endsWith('[]'));
  if (at < 0) return { text, isList: false, head: segments, tail: [] };
  const head = [...segments.slice(0, at), segments[at].slice(0, -2)];
  return { text, isList: true, head, tail: segments.slice(at + 1) };
}

/** Gives what stands at `segments` below `data`; undefined where nothing does. */
export function get(data, segments) {
  let found = data;
  for (const segment of segments) found = member(found, segment);
  return found;
}

/** Gives the elements of the list that a path leads to; undefined where there is no list. */
export function elements(data, path) {
  const list = get(data, path.head);
  return Array.isArray(list) ? list : undefined;
}

/** Gives all values at a path: one, or one for each element of its list. */
export function valuesAt(data, path) {
  if (!path.isList) return [get(data, path.head)];
  return (elements(data, path) ?? []).map((element) => get(element, path.tail));
}

/**
 * Sets what stands at `segments` below `data`, in place, and makes the objects on the way. Null
 * and undefined take it away. Where something else than an object is in the way, nothing happens.
 */
export function set(data, segments, value) {
  let holder = data;
  for (const segment of segments.slice(0, -1)) {
    let next = member(holder, segment);
    if (isNothing(next)) {
      if (isNothing(value)) return;
      next = {};
      setMember(holder, segment, next);
    }
    if (!isObject(next)) return;
    holder = next;
  }
  const last = segments.at(-1);
  if (!isNothing(value)) setMember(holder, last, value);
  else if (member(holder, last) !== null) delete holder[last];
}
