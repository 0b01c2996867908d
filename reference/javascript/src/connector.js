// One sync after another. Rule: it brings what is known to agreement, and leaves the rest for later.
//
// A sync reads what changed, finishes creates that were in doubt, merges, creates, and brings every
// link with a changed record into agreement. It may be stopped at any request: what it remembers
// is written before the next one, and a create before it is sent.

import { Agreement } from './agreement.js';
import { Creator } from './creator.js';
import { Deleter } from './deleter.js';
import { Linker } from './linker.js';
import { Links } from './links.js';
import { Reader } from './reader.js';
import { Records } from './records.js';
import { Refusals } from './refusals.js';
import { Rules } from './rules.js';
import { Systems } from './systems.js';

export class Connector {
  #store;
  #agenda = new Agenda();
  #reader;
  #creator;
  #linker;
  #agreement;

  /** `dialects` speak to the systems, by side; `log` takes lines without anybody's data. */
  constructor({ dataflow, dialects, store, log }) {
    this.#store = store;
    const agenda = this.#agenda;
    const changed = (id) => agenda.changed(id);
    const records = new Records(store, changed);
    const links = new Links(store, dataflow.pairs, changed);
    const rules = new Rules(dataflow.pairs, records, links);
    const systems = new Systems({ dataflow, dialects, records, log });
    const keys = {
      keepsFilled: dataflow.policies.empty === 'keep',
      counterpart: (reference, side, key) => links.counterpart(reference, side, key),
    };
    const known = { dataflow, store, records, links, rules, systems, agenda, keys };
    this.#reader = new Reader(known);
    this.#creator = new Creator(known);
    this.#linker = new Linker({ ...known, creator: this.#creator });
    const refusals = new Refusals(known);
    const deleter = new Deleter(known);
    this.#agreement = new Agreement({ ...known, refusals, deleter });
    for (const link of links.live()) agenda.dirty.add(links.recordId(link, 'source'));
  }

  /** Works until nothing is left to do; throws GaveUp or Unauthorized when that can't be now. */
  async sync() {
    this.#linker.begin();
    try {
      await this.#reader.readAll();
      await this.#creator.resume();
      do {
        if (this.#agenda.renewed) await this.#linkAll();
        await this.#agreement.agreeAll();
      } while (this.#agenda.isOpen);
      this.#store.tidy();
    } finally {
      this.#store.writeThrough();
    }
  }

  async #linkAll() {
    this.#agenda.renewed = false;
    try {
      await this.#linker.linkAll();
    } catch (error) {
      this.#agenda.renewed = true;
      throw error;
    }
  }
}

/** What is left to do: it is noted here, and done elsewhere. */
class Agenda {
  /** Ids of records that changed since their links were last looked at. */
  dirty = new Set();

  /** Whether anything changed that may call for a link. */
  renewed = true;

  /** Notes that a record, or what it is linked with, is not as it was. */
  changed(id) {
    this.dirty.add(id);
    this.renewed = true;
  }

  /** Tells whether anything is left. */
  get isOpen() {
    return this.renewed || this.dirty.size > 0;
  }
}
