// What holds between two nodes. Rule: an edge knows data types and references, and no history.
//
// `forward` gives what a source value has to become, `backward` a source value for a target value;
// both may give NONE (nothing fits) or UNRESOLVED (the counterpart of a key isn't known yet).
// `keys.counterpart(reference, side, key)` is what an edge asks about keys.

import { back, fitted, NONE } from './backcasts.js';
import { image } from './casts.js';
import { copy, isEmpty, isNothing, same } from './json.js';
import { elements } from './paths.js';

/** Stands for a key whose counterpart isn't known. */
export const UNRESOLVED = Symbol('a key without a known counterpart');

/** One row of a pair. */
export class RowEdge {
  constructor({ source, target, type, reference, schemas = {}, conditions = [] }) {
    Object.assign(this, { source, target, type, reference, schemas, conditions });
    this.hasKey = Boolean(source.isKey || target.isKey);
  }

  /** Tells whether two values agree; undefined where that can't be known. */
  agree(source, target, keys) {
    if (this.type === 'unknown') return isEmpty(source) === isEmpty(target);
    const wanted = this.forward(source, keys);
    if (wanted !== UNRESOLVED) return same(wanted, target);
    return undefined;
  }

  /** Tells whether some value here agrees with some value there. */
  holds(source, target, keys) {
    return this.source
      .values(source.data, source.key)
      .some((left) =>
        this.target.values(target.data, target.key).some((right) => this.agree(left, right, keys)),
      );
  }

  forward(value, keys) {
    if (this.reference) return counterpart(this.reference, 'source', value, keys);
    return this.type === 'unknown' ? fitted(value, this.schemas.target) : image(this.type, value);
  }

  backward(value, old, keys) {
    if (this.reference) return counterpart(this.reference, 'target', value, keys);
    if (this.type === 'unknown') return fitted(value, this.schemas.source);
    return back(this.type, value, old, this.schemas.source);
  }

  /** Writes the source's value to the target; gives "done", "waiting" or "left". */
  push(source, target, agreed, keys) {
    const { value } = this.source.entry(source.data, source.key, agreed.source);
    const carried = this.forward(value, keys);
    return this.#write(this.target, target, carried, agreed.target, keys, isEmpty(carried));
  }

  /** Writes the target's value to the source; gives "done", "waiting" or "left". */
  pull(source, target, agreed, keys) {
    const { value } = this.target.entry(target.data, target.key, agreed.target);
    const old = this.source.entry(source.data, source.key, agreed.source).value;
    const carried = this.backward(value, old, keys);
    return this.#write(this.source, source, carried, agreed.source, keys, isEmpty(value));
  }

  #write(node, record, value, agreed, keys, emptied) {
    if (value === UNRESOLVED) return 'waiting';
    if (value === NONE) return 'left';
    const standing = node.entry(record.data, record.key, agreed).value;
    if (keys.keepsFilled && emptied && !isEmpty(standing)) return 'left';
    if (!node.values(record.data, record.key).some((each) => same(each, value))) {
      node.write(record.data, value, agreed);
    }
    return 'done';
  }

  /** Gives the keys of other records that the row holds in a record of one side. */
  *references(side, record) {
    if (!this.reference) return;
    for (const key of this[side].values(record.data, record.key)) {
      if (!isEmpty(key)) yield { reference: this.reference, key };
    }
  }
}

/** All rows between one pair of lists: elements are matched by position, the list is one property. */
export class ListEdge {
  hasKey = false;
  conditions = [];

  /** `components` are the rows within an element, which stands under "element". */
  constructor({ source, target, components }) {
    Object.assign(this, { source, target, components });
  }

  agree() {
    return undefined; // never asked: lists are compared as they stand in records
  }

  holds(source, target, keys) {
    const [left, right] = [
      elements(source.data, this.source.path),
      elements(target.data, this.target.path),
    ];
    if (!left || !right) return !left && !right;
    if (left.length !== right.length) return false;
    return left.every((element, place) =>
      this.components.every((inner) =>
        inner.agrees({ data: { element } }, { data: { element: right[place] } }, keys),
      ),
    );
  }

  push(source, target, _, keys) {
    return this.#rebuild(this.source, source, this.target, target, keys, (inner, from, to, all) =>
      inner.push(from, to, {}, all),
    );
  }

  pull(source, target, _, keys) {
    return this.#rebuild(this.target, target, this.source, source, keys, (inner, from, to, all) =>
      inner.pull(to, from, {}, all),
    );
  }

  /** Makes one side's list after the other's, and keeps what its elements hold besides. */
  #rebuild(fromNode, from, toNode, to, keys, carry) {
    const list = elements(from.data, fromNode.path);
    if (keys.keepsFilled && isEmpty(list) && !isEmpty(elements(to.data, toNode.path))) return 'left';
    if (!list) {
      toNode.write(to.data, null);
      return 'done';
    }
    const old = elements(to.data, toNode.path) ?? [];
    const all = { ...keys, keepsFilled: false }; // the list is one property, not its elements' parts
    let waiting = false;
    const made = list.map((element, place) => {
      const holder = { data: place < old.length ? { element: copy(old[place]) } : {} };
      for (const inner of this.components) {
        waiting = carry(inner, { data: { element } }, holder, all) === 'waiting' || waiting;
      }
      return holder.data.element ?? (toNode.tails.some((tail) => !tail.length) ? null : {});
    });
    toNode.write(to.data, made);
    return waiting ? 'waiting' : 'done';
  }

  *references(side, record) {
    for (const element of elements(record.data, this[side].path) ?? []) {
      for (const inner of this.components) {
        for (const edge of inner.edges) yield* edge.references(side, { data: { element } });
      }
    }
  }
}

function counterpart(reference, side, key, keys) {
  if (isNothing(key)) return null;
  return keys.counterpart(reference, side, key) ?? UNRESOLVED;
}
