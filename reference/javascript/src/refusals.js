// Updates that a system refused. Rule: what was refused is sent again only after one of the two
// records was edited.

import { canonical, stringify } from './json.js';
import { SIDES } from './links.js';

export class Refusals {
  #records;
  #links;
  #refused = new Map();

  constructor({ records, links }) {
    this.#records = records;
    this.#links = links;
  }

  /** Tells whether these data were refused for one side of a link, and nothing has changed since. */
  has(link, side, data) {
    return this.#refused.get(`${side} ${link.id}`)?.is === this.#attempt(link, side, data);
  }

  /** Notes that these data were refused for one side of a link. */
  add(link, side, data) {
    this.#refused.set(`${side} ${link.id}`, { is: this.#attempt(link, side, data), isNew: true });
  }

  /**
   * Takes the connector's own writes since a refusal into account: they are nobody's edits.
   * `plan(records)` gives what would be sent now.
   */
  settle(link, plan) {
    const records = Object.fromEntries(
      SIDES.map((side) => [side, this.#records.byId(this.#links.recordId(link, side))]),
    );
    if (records.source.deleted || records.target.deleted) return;
    for (const side of SIDES) {
      const refused = this.#refused.get(`${side} ${link.id}`);
      if (!refused?.isNew) continue;
      refused.isNew = false;
      refused.is = this.#attempt(link, side, plan(records)[side]);
    }
  }

  #attempt(link, side, data) {
    const versions = SIDES.map((each) => this.#records.version(this.#links.recordId(link, each)));
    return stringify([versions, canonical(data)]);
  }
}
