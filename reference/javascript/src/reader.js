// Reading what changed. Rule: what a listing leaves open is asked of the record itself.

import { SIDES } from './links.js';

export class Reader {
  #pairs;
  #store;
  #records;
  #systems;

  constructor({ dataflow, store, records, systems }) {
    this.#pairs = dataflow.pairs;
    this.#store = store;
    this.#records = records;
    this.#systems = systems;
  }

  /** Reads what changed in both systems since the last time. */
  async readAll() {
    for (const side of SIDES) {
      const types = new Set(this.#pairs.map((pair) => pair.type[side]));
      for (const type of types) await this.#readType(side, type);
    }
  }

  async #readType(side, type) {
    const name = `${side} ${type}`;
    const cursors = this.#store.table('cursors');
    const { records, cursor, full } = await this.#systems.changes(side, type, cursors.get(name));
    const doubtful = records.filter((item) => !this.#records.absorb(side, type, item));
    for (const { key } of doubtful) await this.#systems.look(side, type, key);
    if (full) await this.#lookForMissing(side, type, new Set(records.map(({ key }) => key)));
    if (cursor !== cursors.get(name)) this.#store.put('cursors', name, cursor);
    this.#store.write();
  }

  /** Reads what a full listing left out: only a record's own answer says that it is deleted. */
  async #lookForMissing(side, type, listed) {
    for (const id of [...this.#records.ids(side, type)]) {
      const { key, deleted } = this.#records.byId(id);
      if (!deleted && !listed.has(key)) await this.#systems.look(side, type, key);
    }
  }
}
