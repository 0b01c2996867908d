// Places where a property stands in a record. Rule: a node reads and writes one record, and
// compares nothing across systems.
//
// All nodes share one shape. `entry(data, key, agreed)` gives what stands there as `{value}`
// (`{value, place}` where one of several elements may hold it); `agreed` is the entry of the last
// agreement. `values` gives all values of which one counts. `write` changes `data` in place.

import { elements, get, set } from './paths.js';
import { copy, isNothing, same } from './json.js';

/** A property of the record itself. */
export class PropertyNode {
  constructor(path) {
    this.id = path.text;
    this.path = path;
  }

  values(data) {
    return [get(data, this.path.head) ?? null];
  }

  entry(data) {
    return { value: this.values(data)[0] };
  }

  write(data, value) {
    set(data, this.path.head, copy(value));
  }
}

/** The record's own key, which only its own system writes. */
export class KeyNode {
  id = '(key)';
  isKey = true;

  values(_, key) {
    return [key ?? null];
  }

  entry(_, key) {
    return { value: key ?? null };
  }

  write() {}
}

/** A property of the list element that fulfils conditions; the first, if several do. */
export class ChosenNode {
  constructor(path, conditions) {
    this.id = `${path.text} when ${conditions.map(({ path: at, equals }) => `${at.text}=${JSON.stringify(equals)}`).join()}`;
    this.path = path;
    this.conditions = conditions;
  }

  values(data) {
    return [get(this.#chosen(data), this.path.tail) ?? null];
  }

  entry(data) {
    return { value: this.values(data)[0] };
  }

  write(data, value) {
    let element = this.#chosen(data);
    if (!element) {
      if (isNothing(value)) return;
      element = {};
      for (const { path, equals } of this.conditions) set(element, path.tail, equals);
      set(data, this.path.head, [...(elements(data, this.path) ?? []), element]);
    }
    set(element, this.path.tail, copy(value));
  }

  #chosen(data) {
    return elements(data, this.path)?.find((element) =>
      this.conditions.every(({ path, equals }) => same(get(element, path.tail), equals)),
    );
  }
}

/** A property that any element of a list may hold, its counterpart being none of a list. */
export class AnyNode {
  constructor(path) {
    this.id = path.text;
    this.path = path;
  }

  values(data) {
    const found = (elements(data, this.path) ?? []).map((element) => get(element, this.path.tail) ?? null);
    return found.length ? found : [null];
  }

  entry(data, _, agreed, fits = () => false) {
    const found = this.values(data);
    const place = [
      found.findIndex(fits),
      agreed ? found.findIndex((value) => same(value, agreed.value)) : -1,
      agreed?.place < found.length ? agreed.place : 0,
    ].find((each) => each >= 0);
    return { value: found[place], place };
  }

  write(data, value, agreed) {
    const list = elements(data, this.path) ?? [];
    if (!list.length && isNothing(value)) return;
    const held = agreed
      ? list.findIndex((element) => same(get(element, this.path.tail), agreed.value))
      : -1;
    const place = Math.max(held, 0);
    const holder = { element: copy(list[place] ?? {}) };
    if (this.path.tail.length || !isNothing(value))
      set(holder, ['element', ...this.path.tail], copy(value));
    else delete holder.element;
    const kept = Object.hasOwn(holder, 'element') ? [holder.element] : [];
    set(data, this.path.head, [...list.slice(0, place), ...kept, ...list.slice(place + 1)]);
  }
}

/** A whole list, of whose elements the properties at `tails` are listed. */
export class ListNode {
  constructor(path, tails) {
    this.id = `${path.head.join('.')}[] ${tails.map((tail) => tail.join('.')).join()}`;
    this.path = path;
    this.tails = tails;
  }

  values(data) {
    const list = elements(data, this.path);
    return [list?.map((element) => this.tails.map((tail) => get(element, tail) ?? null)) ?? null];
  }

  entry(data) {
    return { value: this.values(data)[0] };
  }

  /** Puts whole elements in the place of the list; null takes it away. */
  write(data, list) {
    set(data, this.path.head, list);
  }
}
