// Creating counterparts, each once. Rule: a create is written down before it is sent, and is
// finished before anything else is created.

import { canonical } from './json.js';
import { compose } from './merge.js';
import { recordId } from './records.js';
import { opposite, SIDES } from './links.js';

export class Creator {
  #pairs;
  #store;
  #records;
  #links;
  #rules;
  #systems;
  #keys;
  #creating = new Set(); // names of creates that are being prepared, for references in a circle
  #refused = new Map(); // what a system refused, so that it is not sent again unchanged

  constructor({ dataflow, store, records, links, rules, systems, keys }) {
    this.#pairs = dataflow.pairs;
    this.#store = store;
    this.#records = records;
    this.#links = links;
    this.#rules = rules;
    this.#systems = systems;
    this.#keys = keys;
  }

  /** Finishes the creates of which it is not known whether they were done. */
  async resume() {
    for (const [name, intent] of [...this.#store.table('intents')]) await this.#create(name, intent);
  }

  /** Creates the counterpart of a record; gives false if a refusal holds it back. */
  async createFor(pair, side, { type, key }) {
    const id = recordId(side, type, key);
    const isWanted =
      !this.#records.byId(id).deleted && this.#rules.covers(pair, side, this.#records.byId(id));
    const name = `sync:${pair.number}:${side}:${encodeURIComponent(key)}`;
    if (!isWanted || this.#links.by(pair, id) || this.#creating.has(name)) return true;
    this.#creating.add(name);
    const isReady = await this.#createReferences(pair, side, this.#records.byId(id));
    this.#creating.delete(name);
    return isReady && this.#createOnce(name, pair, this.#records.byId(id));
  }

  /** Creates what a record refers to, first; gives false if a refusal holds that back. */
  async #createReferences(pair, side, record) {
    let isReady = true;
    for (const { reference, key } of [...pair.mapping.references(side, record)]) {
      const other = this.#records.get(side, reference[side], key);
      if (!other || other.deleted || this.#keys.counterpart(reference, side, key) !== undefined) continue;
      const covering = this.#pairs.find(
        (each) =>
          SIDES.every((end) => each.type[end] === reference[end]) && this.#rules.covers(each, side, other),
      );
      if (covering) isReady = (await this.createFor(covering, side, other)) && isReady;
    }
    return isReady;
  }

  /** Writes a create down and sends it, unless the same was refused before. */
  async #createOnce(name, pair, record) {
    const { side, type, key } = record;
    const { data, agreed } = compose({ mapping: pair.mapping, side, record, keys: this.#keys });
    const attempt = `${this.#records.version(recordId(side, type, key))} ${canonical(data)}`;
    if (this.#refused.get(name) === attempt) return false;
    const intent = { pair: pair.number, side, key, data, agreed };
    this.#store.put('intents', name, intent);
    this.#store.writeThrough();
    try {
      const isDone = await this.#create(name, intent);
      if (!isDone) this.#refused.set(name, attempt);
      return isDone;
    } catch (error) {
      if (error.doubt === false) this.#store.remove('intents', name); // surely not carried out
      throw error;
    }
  }

  /** Sends a create that is written down; gives false if it was refused. */
  async #create(name, { pair: number, side, key, data, agreed }) {
    const pair = this.#pairs[number];
    const other = opposite(side);
    const isObsolete = Boolean(this.#records.get(side, pair.type[side], key)?.deleted);
    const outcome = await this.#systems.create(other, pair.type[other], data, name, {
      isDoubtful: isObsolete,
    });
    this.#store.remove('intents', name);
    if (outcome.record) {
      const keys = { [side]: key, [other]: outcome.record.key };
      const unwanted = isObsolete && Boolean(outcome.fresh);
      this.#links.make(pair, keys.source, keys.target, agreed, { unwanted });
    }
    this.#store.write();
    return !outcome.refused;
  }
}
