// Ending links of which a record was deleted. Rule: the other record goes with it where the
// policy says so, or where it was created for a record that was gone by then.

import { recordId } from './records.js';
import { SIDES } from './links.js';

export class Deleter {
  #policies;
  #store;
  #records;
  #links;
  #systems;
  #agenda;
  #refused = new Map(); // the version of a record whose deletion was refused

  constructor({ dataflow, store, records, links, systems, agenda }) {
    this.#policies = dataflow.policies;
    this.#store = store;
    this.#records = records;
    this.#links = links;
    this.#systems = systems;
    this.#agenda = agenda;
  }

  /** Ends a link, given its records by side; gives false if a refusal holds that back. */
  async deleteFor(link, records) {
    const side = SIDES.find((each) => !records[each].deleted);
    const isWanted = this.#policies.deletions === 'propagate' || link.unwanted;
    if (side && isWanted && !(await this.#remove(link, records[side]))) return false;
    this.#links.end(link);
    this.#agenda.renewed = true;
    this.#store.write();
    return true;
  }

  /** Deletes a record; gives false if that was refused. */
  async #remove(link, { side, type, key }) {
    for (;;) {
      const record = this.#records.get(side, type, key);
      if (record.deleted) return true;
      const version = this.#records.version(recordId(side, type, key));
      if (this.#refused.get(link.id) === version) return false;
      const { refused } = await this.#systems.remove(record);
      if (refused) this.#refused.set(link.id, version);
    }
  }
}
