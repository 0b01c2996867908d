// Bringing links into agreement. Rule: `merge.js` plans; here it is written, and noted as agreed
// only where it was.

import { same } from './json.js';
import { agree, forgetOthers, plan } from './merge.js';
import { recordId } from './records.js';
import { SIDES } from './links.js';

const MOST_ROUNDS = 10; // for one link in one sync

export class Agreement {
  #dataflow;
  #store;
  #records;
  #links;
  #systems;
  #agenda;
  #keys;
  #refusals;
  #deleter;
  #waiting = new Set(); // ids of links that hold a key without a known counterpart

  constructor({ dataflow, store, records, links, systems, agenda, keys, refusals, deleter }) {
    this.#dataflow = dataflow;
    this.#store = store;
    this.#records = records;
    this.#links = links;
    this.#systems = systems;
    this.#agenda = agenda;
    this.#keys = keys;
    this.#refusals = refusals;
    this.#deleter = deleter;
  }

  /** Brings every link into agreement whose records have changed, or that waits for a key. */
  async agreeAll() {
    const { dirty } = this.#agenda;
    const rounds = new Map();
    const links = new Set([...this.#waiting].map((id) => this.#store.table('links').get(id)));
    while (links.size || dirty.size) {
      for (const id of dirty) for (const link of this.#links.of(id)) if (!link.ended) links.add(link);
      dirty.clear();
      const [link] = links;
      if (!link) break;
      links.delete(link);
      rounds.set(link, (rounds.get(link) ?? 0) + 1);
      if (rounds.get(link) > MOST_ROUNDS) continue;
      try {
        await this.#agree(link);
      } catch (error) {
        for (const each of [link, ...links]) this.#again(each);
        throw error;
      }
    }
  }

  async #agree(link) {
    const records = await this.#readLinked(link);
    if (records.source.deleted || records.target.deleted) {
      if (await this.#deleter.deleteFor(link, records)) this.#waiting.delete(link.id);
      return;
    }
    const planned = this.#plan(link, records);
    for (const side of SIDES) {
      if (this.#systems.isGuarded(side) || same(planned[side], records[side].data)) continue;
      if (this.#refusals.has(link, side, planned[side])) continue;
      if (await this.#hasMoved(records[side])) return this.#again(link);
    }
    const { written, hasMoved } = await this.#write(link, records, planned);
    this.#note(link, planned, written);
    if (hasMoved) this.#again(link);
    else this.#refusals.settle(link, (now) => this.#plan(link, now));
  }

  /** Gives the two records of a link by side, read where they are not known yet. */
  async #readLinked(link) {
    const records = {};
    for (const side of SIDES) {
      const key = link[side];
      const type = this.#dataflow.pairs[link.pair].type[side];
      records[side] = this.#records.get(side, type, key) ?? (await this.#systems.look(side, type, key));
    }
    return records;
  }

  #plan(link, { source, target }) {
    const { mapping } = this.#dataflow.pairs[link.pair];
    const { policies } = this.#dataflow;
    return plan({ mapping, source, target, agreed: link.agreed, policies, keys: this.#keys });
  }

  /** Reads a record just before it is written; tells whether it has changed. */
  async #hasMoved({ side, type, key }) {
    const id = recordId(side, type, key);
    const version = this.#records.version(id);
    await this.#systems.look(side, type, key);
    return this.#records.version(id) !== version;
  }

  /** Writes what is planned; gives the sides that hold it now, and whether one has changed. */
  async #write(link, records, planned) {
    const written = new Set();
    for (const side of SIDES.toReversed()) {
      if (same(planned[side], records[side].data)) written.add(side);
      else if (!this.#refusals.has(link, side, planned[side])) {
        const outcome = await this.#systems.update(records[side], planned[side]);
        if (outcome.stale || outcome.gone) return { written, hasMoved: true };
        if (outcome.record) written.add(side);
        else this.#refusals.add(link, side, planned[side]);
      }
    }
    return { written, hasMoved: false };
  }

  /** Notes what both sides agree on now. */
  #note(link, planned, written) {
    link.agreed = {
      source: { ...link.agreed.source },
      target: { ...link.agreed.target },
      waiting: { ...link.agreed.waiting },
    };
    forgetOthers(link.agreed, planned.steps);
    for (const step of planned.steps)
      if (step.needs.every((side) => written.has(side))) agree(link.agreed, step);
    if (planned.waiting) this.#waiting.add(link.id);
    else this.#waiting.delete(link.id);
    this.#links.save(link);
    this.#store.write();
  }

  #again(link) {
    this.#agenda.dirty.add(this.#links.recordId(link, 'source'));
  }
}
