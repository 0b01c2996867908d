// Giving records their counterparts. Rule: who can be merged is merged; only the rest is created.

import { recordId } from './records.js';
import { SIDES } from './links.js';

export class Linker {
  #pairs;
  #records;
  #links;
  #rules;
  #systems;
  #creator;
  #unknown = new Set(); // ids of records that were looked up in this sync and never were there

  constructor({ dataflow, records, links, rules, systems, creator }) {
    this.#pairs = dataflow.pairs;
    this.#records = records;
    this.#links = links;
    this.#rules = rules;
    this.#systems = systems;
    this.#creator = creator;
  }

  /** Forgets what held for the last sync only. */
  begin() {
    this.#unknown.clear();
  }

  /** Links every record that calls for a counterpart, as far as that can be done now. */
  async linkAll() {
    this.#rules.renew();
    const wanted = [...this.#wanted()];
    for (const { pair, side, record } of wanted) await this.#lookUpReferences(pair, side, record);
    for (const pair of this.#pairs) await this.#mergeAll(pair);
    for (const { pair, side, record } of wanted) await this.#creator.createFor(pair, side, record);
  }

  /** Gives the records that call for a counterpart: those of the source first, by pair and key. */
  *#wanted() {
    for (const side of SIDES) {
      for (const pair of this.#pairs) {
        if (side === 'target' && !pair.createsSource) continue;
        for (const record of this.#rules.loose(pair, side)) {
          if (this.#rules.covers(pair, side, record)) yield { pair, side, record };
        }
      }
    }
  }

  /** Reads what a record refers to, where that was never listed: it may be new. */
  async #lookUpReferences(pair, side, record) {
    for (const { reference, key } of pair.mapping.references(side, record)) {
      const type = reference[side];
      const id = recordId(side, type, key);
      if (this.#records.byId(id) || this.#unknown.has(id) || !['string', 'number'].includes(typeof key))
        continue;
      if (!this.#pairs.some((each) => each.type[side] === type)) continue;
      if (!(await this.#systems.look(side, type, key))) this.#unknown.add(id);
    }
  }

  async #mergeAll(pair) {
    if (!pair.alternatives.length) return;
    const find = this.#rules.matcher(pair);
    for (const source of this.#rules.loose(pair, 'source')) {
      const target = find(source);
      if (target) await this.#merge(pair, source, target);
    }
  }

  /** Links two records that match, if they still do when they are read again. */
  async #merge(pair, { type, key }, { type: targetType, key: targetKey }) {
    const source = await this.#systems.look('source', type, key);
    const target = await this.#systems.look('target', targetType, targetKey);
    if (source.deleted || target.deleted || !pair.matches(source.data, target.data)) return;
    if (!this.#rules.isFree(pair, target)) return;
    this.#links.make(pair, source.key, target.key, { source: {}, target: {} });
  }
}
