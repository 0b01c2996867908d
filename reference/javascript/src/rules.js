// Who gets a counterpart. Rule: it reads records and links, and makes none.

import { canonical } from './json.js';
import { recordId } from './records.js';

export class Rules {
  #pairs;
  #records;
  #links;
  #referring;

  constructor(pairs, records, links) {
    this.#pairs = pairs;
    this.#records = records;
    this.#links = links;
  }

  /** Forgets what was found out of records that have changed since. */
  renew() {
    this.#referring = undefined;
  }

  /** Tells whether a record calls for a counterpart by a pair, on whichever side it stands. */
  covers(pair, side, record, asking = new Set()) {
    if (side === 'target')
      return pair.createsSource && !this.#links.isLinked(recordId(side, record.type, record.key));
    if (pair.when === 'condition') return pair.meetsCondition(record.data);
    if (pair.when === 'connected') return this.#isConnected(pair, record, asking);
    return pair.when !== 'never';
  }

  /** Gives the records of a pair's side that live and were never linked by it, lowest key first. */
  loose(pair, side) {
    const found = [];
    for (const id of this.#records.ids(side, pair.type[side])) {
      const record = this.#records.byId(id);
      if (!record.deleted && !this.#links.by(pair, id)) found.push(record);
    }
    return found.sort((left, right) => (left.key < right.key ? -1 : 1));
  }

  /** Gives `find(source)`: the target that a source merges with by a pair's table, if one does. */
  matcher(pair) {
    const index = pair.alternatives.map(() => new Map());
    for (const target of pair.alternatives.length ? this.loose(pair, 'target') : []) {
      if (this.#links.isLinked(recordId('target', target.type, target.key))) continue;
      for (const [place, terms] of pair.alternatives.entries()) {
        for (const name of names(pair, terms, 'target', target.data)) {
          if (!index[place].has(name)) index[place].set(name, []);
          index[place].get(name).push(target);
        }
      }
    }
    return (source) => {
      const found = pair.alternatives.flatMap((terms, place) =>
        names(pair, terms, 'source', source.data).flatMap((name) => index[place].get(name) ?? []),
      );
      const free = found.filter((target) => this.isFree(pair, target));
      return free.reduce((lowest, each) => (!lowest || each.key < lowest.key ? each : lowest), undefined);
    };
  }

  /** Tells whether a target record may still be merged with by a pair. */
  isFree(pair, target) {
    const id = recordId('target', target.type, target.key);
    return !this.#links.by(pair, id) && !this.#links.isLinked(id);
  }

  #isConnected(pair, record, asking) {
    const id = recordId('source', record.type, record.key);
    if (asking.has(id)) return false;
    const within = new Set(asking).add(id);
    return (this.#referrers().get(`${record.type} ${canonical(record.key)}`) ?? []).some((referrer) => {
      const other = this.#records.byId(referrer);
      if (other.deleted || !pair.by.includes(other.type)) return false;
      if (this.#links.isLinked(referrer)) return true;
      return this.#pairs.some(
        (each) => each.type.source === other.type && this.covers(each, 'source', other, within),
      );
    });
  }

  /** Gives, for each record that source records refer to, the ids of those. */
  #referrers() {
    if (this.#referring) return this.#referring;
    this.#referring = new Map();
    for (const pair of this.#pairs) {
      for (const id of this.#records.ids('source', pair.type.source)) {
        const record = this.#records.byId(id);
        if (record.deleted) continue;
        for (const { reference, key } of pair.mapping.references('source', record)) {
          const name = `${reference.source} ${canonical(key)}`;
          if (!this.#referring.has(name)) this.#referring.set(name, []);
          this.#referring.get(name).push(id);
        }
      }
    }
    return this.#referring;
  }
}

/** Gives the texts under which a record is found by an alternative of a merge table. */
function names(pair, terms, side, data) {
  let found = [[]];
  for (const term of terms) {
    const values = pair.images(term, side, data);
    found = found.flatMap((begun) => values.map((value) => [...begun, value]));
  }
  return found.map(canonical);
}
