// What was last seen of every record. Rule: it believes no news that may be old.
//
// A listing may show an earlier state; reading a record by its key never does. News that could be
// either is marked by `absorb` as doubtful, for the connector to read the record itself.

import { canonical, same } from './json.js';

/** Gives the name under which a record is known here. */
export function recordId(side, type, key) {
  return `${side} ${type} ${canonical(key)}`;
}

export class Records {
  #store;
  #table;
  #versions = new Map();
  #byType = new Map();

  /** `changed(id)` is called for each record that turns out to differ from what was known. */
  constructor(store, changed) {
    this.#store = store;
    this.#table = store.table('records');
    this.changed = changed;
    for (const [id, record] of this.#table) this.#enter(id, record);
  }

  /** Gives what is known of a record: `{side, type, key, at, etag, data}`, or `deleted`. */
  get(side, type, key) {
    return this.#table.get(recordId(side, type, key));
  }

  /** Gives the record of an id. */
  byId(id) {
    return this.#table.get(id);
  }

  /** Gives the ids of all records of a type, deleted ones too. */
  ids(side, type) {
    return this.#byType.get(`${side} ${type}`) ?? new Set();
  }

  /** Gives a number that grows with each change of a record. */
  version(id) {
    return this.#versions.get(id) ?? 0;
  }

  /** Takes in what a listing says; gives false if the record has to be read to be sure. */
  absorb(side, type, item) {
    const known = this.get(side, type, item.key);
    if (!known || item.deleted) this.learn(side, type, item);
    else if (known.deleted || item.at < known.at || isAsKnown(item, known)) return true;
    else if (item.at === known.at) return false;
    else this.learn(side, type, item);
    return true;
  }

  /** Takes in what is certainly a record's newest state. */
  learn(side, type, item) {
    const id = recordId(side, type, item.key);
    const known = this.#table.get(id);
    if (known && (known.deleted || (isAsKnown(item, known) && known.at === item.at))) return;
    const record = { side, type, ...item };
    this.#store.put('records', id, record);
    if (known && isAsKnown({ ...item, etag: undefined }, { ...known, etag: undefined })) return;
    this.#enter(id, record);
    this.#versions.set(id, this.version(id) + 1);
    this.changed(id);
  }

  #enter(id, { side, type }) {
    const name = `${side} ${type}`;
    if (!this.#byType.has(name)) this.#byType.set(name, new Set());
    this.#byType.get(name).add(id);
  }
}

function isAsKnown(item, known) {
  return (
    Boolean(item.deleted) === Boolean(known.deleted) &&
    item.etag === known.etag &&
    same(item.data, known.data)
  );
}
