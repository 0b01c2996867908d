// Which records belong together. Rule: a link, once made, never moves; ended, it is still known.

import { canonical } from './json.js';
import { recordId } from './records.js';

export const SIDES = ['source', 'target'];

/** Gives the other side. */
export function opposite(side) {
  return side === 'source' ? 'target' : 'source';
}

export class Links {
  #store;
  #pairs;
  #table;
  #byRecord = new Map();

  /** `changed(id)` is called for both records of each link that is made. */
  constructor(store, pairs, changed) {
    this.#store = store;
    this.#pairs = pairs;
    this.changed = changed;
    this.#table = store.table('links');
    for (const [id, link] of this.#table) this.#enter(id, link);
  }

  /**
   * Links two records by a pair; `agreed` is what they agree on already. An `unwanted` counterpart
   * is deleted with its origin, whatever the policy. Gives the link.
   */
  make(pair, source, target, agreed, { unwanted = false } = {}) {
    const id = `${pair.number} ${canonical(source)} ${canonical(target)}`;
    const link = { id, pair: pair.number, source, target, agreed, ...(unwanted && { unwanted }) };
    this.save(link);
    this.#enter(id, link);
    for (const side of SIDES) this.changed(this.recordId(link, side));
    return link;
  }

  /** Remembers a link as it is now. */
  save(link) {
    this.#store.put('links', link.id, link);
  }

  /** Ends a link: what it says about keys stays true. */
  end(link) {
    link.ended = true;
    this.save(link);
  }

  /** Gives all links of a record, ended ones too, in the order of their pairs. */
  of(id) {
    return (this.#byRecord.get(id) ?? [])
      .map((name) => this.#table.get(name))
      .sort((a, b) => a.pair - b.pair);
  }

  /** Gives the link of a record by a pair, ended or not. */
  by(pair, id) {
    return this.of(id).find((link) => link.pair === pair.number);
  }

  /** Tells whether a record is linked by any pair now. */
  isLinked(id) {
    return this.of(id).some((link) => !link.ended);
  }

  /** Gives all links that have not ended. */
  *live() {
    for (const link of this.#table.values()) if (!link.ended) yield link;
  }

  /** Gives the key of a record's counterpart, by the first pair of two types that links it. */
  counterpart(reference, side, key) {
    const other = opposite(side);
    const found = this.of(recordId(side, reference[side], key)).find(
      (link) => this.#pairs[link.pair].type[other] === reference[other],
    );
    return found?.[other];
  }

  /** Gives the id of a link's record on one side. */
  recordId(link, side) {
    return recordId(side, this.#pairs[link.pair].type[side], link[side]);
  }

  #enter(id, link) {
    for (const side of SIDES) {
      const record = this.recordId(link, side);
      if (!this.#byRecord.has(record)) this.#byRecord.set(record, []);
      this.#byRecord.get(record).push(id);
    }
  }
}
