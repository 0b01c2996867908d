// One sync after another. Rule: it brings what is known to agreement, and leaves the rest for later.
//
// A sync reads what changed, finishes creates that were in doubt, merges, creates, and brings every
// link with a changed record into agreement. It may be stopped at any request: what it remembers
// is written before the next one, and a create before it is sent.

import { canonical, same, stringify } from './json.js';
import { Links } from './links.js';
import { agree, compose, forgetOthers, plan } from './merge.js';
import { recordId, Records } from './records.js';
import { Rules } from './rules.js';

const SIDES = ['source', 'target'];
const MOST_ROUNDS = 10; // for one link in one sync

export class Connector {
  #dataflow;
  #dialects;
  #store;
  #records;
  #links;
  #rules;
  #keys;
  #log;
  #dirty = new Set(); // ids of records that changed since their links were last looked at
  #waiting = new Set(); // ids of links that hold a key without a known counterpart
  #refused = new Map(); // what a system refused, so that it is not sent again unchanged
  #creating = new Set(); // ids of records that are being created, for references in a circle
  #unknown = new Set(); // ids of records that were looked up in this sync and never were there
  #renewed = true; // whether anything changed that may call for a link

  /** `dialects` speak to the systems, by side; `log` takes lines without anybody's data. */
  constructor({ dataflow, dialects, store, log }) {
    this.#dataflow = dataflow;
    this.#dialects = dialects;
    this.#store = store;
    this.#log = log;
    this.#records = new Records(store, (id) => this.#changed(id));
    this.#links = new Links(store, dataflow.pairs);
    this.#rules = new Rules(dataflow.pairs, this.#records, this.#links);
    this.#keys = {
      keepsFilled: dataflow.policies.empty === 'keep',
      counterpart: (reference, side, key) => this.#links.counterpart(reference, side, key),
    };
    for (const link of this.#links.live()) this.#dirty.add(this.#id(link, 'source'));
  }

  /** Works until nothing is left to do; throws GaveUp or Unauthorized when that can't be now. */
  async sync() {
    this.#unknown.clear();
    try {
      await this.#readChanges();
      await this.#resume();
      do {
        if (this.#renewed) await this.#linkAll();
        await this.#agreeAll();
      } while (this.#renewed || this.#dirty.size);
      this.#store.tidy();
    } finally {
      this.#store.writeThrough();
    }
  }

  // Reading.

  async #readChanges() {
    for (const side of SIDES) {
      const types = new Set(this.#dataflow.pairs.map((pair) => pair.type[side]));
      for (const type of types) await this.#readType(side, type);
    }
  }

  async #readType(side, type) {
    const name = `${side} ${type}`;
    const cursors = this.#store.table('cursors');
    const { records, cursor, full } = await this.#dialects[side].changes(
      this.#path(side, type),
      cursors.get(name),
    );
    const doubtful = records.filter((item) => !this.#records.absorb(side, type, item));
    for (const { key } of doubtful) await this.#look(side, type, key);
    if (full) await this.#lookForMissing(side, type, new Set(records.map(({ key }) => key)));
    if (cursor !== cursors.get(name)) this.#store.put('cursors', name, cursor);
    this.#store.write();
  }

  /** Reads what a full listing left out: only a record's own answer says that it is deleted. */
  async #lookForMissing(side, type, listed) {
    for (const id of [...this.#records.ids(side, type)]) {
      const { key, deleted } = this.#records.byId(id);
      if (!deleted && !listed.has(key)) await this.#look(side, type, key);
    }
  }

  /** Reads one record; gives what is known then, undefined if it never was there. */
  async #look(side, type, key) {
    const found = await this.#dialects[side].read(this.#path(side, type), key);
    if (found) this.#records.learn(side, type, found);
    return this.#records.get(side, type, key);
  }

  // Creating.

  /** Finishes the creates of which it is not known whether they were done. */
  async #resume() {
    for (const [name, intent] of [...this.#store.table('intents')]) await this.#create(name, intent);
  }

  async #linkAll() {
    try {
      this.#renewed = false;
      this.#rules.renew();
      const wanted = [...this.#wanted()];
      for (const { pair, side, record } of wanted) await this.#lookUpReferences(pair, side, record);
      for (const pair of this.#dataflow.pairs) await this.#mergeAll(pair);
      for (const { pair, side, record } of wanted) await this.#createFor(pair, side, record);
    } catch (error) {
      this.#renewed = true;
      throw error;
    }
  }

  /** Gives the records that call for a counterpart: those of the source first, by pair and key. */
  *#wanted() {
    for (const side of SIDES) {
      for (const pair of this.#dataflow.pairs) {
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
      if (!this.#dataflow.pairs.some((each) => each.type[side] === type)) continue;
      if (!(await this.#look(side, type, key))) this.#unknown.add(id);
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
    const source = await this.#look('source', type, key);
    const target = await this.#look('target', targetType, targetKey);
    if (source.deleted || target.deleted || !pair.matches(source.data, target.data)) return;
    if (!this.#rules.isFree(pair, target)) return;
    this.#link(pair, source.key, target.key, { source: {}, target: {} });
  }

  /** Creates the counterpart of a record; gives false if a refusal holds it back. */
  async #createFor(pair, side, { type, key }) {
    const id = recordId(side, type, key);
    const isWanted =
      !this.#records.byId(id).deleted && this.#rules.covers(pair, side, this.#records.byId(id));
    const name = `sync:${pair.number}:${side}:${encodeURIComponent(key)}`;
    if (!isWanted || this.#links.by(pair, id) || this.#creating.has(name)) return true;
    this.#creating.add(name);
    const isReady = await this.#createReferences(pair, side, this.#records.byId(id));
    this.#creating.delete(name);
    if (!isReady) return false;
    const record = this.#records.byId(id);
    const { data, agreed } = compose({ mapping: pair.mapping, side, record, keys: this.#keys });
    const attempt = `${this.#records.version(id)} ${canonical(data)}`;
    if (this.#refused.get(`create ${name}`) === attempt) return false;
    const intent = { pair: pair.number, side, key, data, agreed };
    this.#store.put('intents', name, intent);
    this.#store.writeThrough();
    try {
      const isDone = await this.#create(name, intent);
      if (!isDone) this.#refused.set(`create ${name}`, attempt);
      return isDone;
    } catch (error) {
      if (error.doubt === false) this.#store.remove('intents', name); // surely not carried out
      throw error;
    }
  }

  /** Creates what a record refers to, first; gives false if a refusal holds that back. */
  async #createReferences(pair, side, record) {
    let isReady = true;
    for (const { reference, key } of [...pair.mapping.references(side, record)]) {
      const other = this.#records.get(side, reference[side], key);
      if (!other || other.deleted || this.#keys.counterpart(reference, side, key) !== undefined) continue;
      const covering = this.#dataflow.pairs.find(
        ({ type }, number, pairs) =>
          SIDES.every((each) => type[each] === reference[each]) &&
          this.#rules.covers(pairs[number], side, other),
      );
      if (covering) isReady = (await this.#createFor(covering, side, other)) && isReady;
    }
    return isReady;
  }

  /** Sends a create that is written down; gives false if it was refused. */
  async #create(name, { pair: number, side, key, data, agreed }) {
    const pair = this.#dataflow.pairs[number];
    const opposite = side === 'source' ? 'target' : 'source';
    const [dialect, path] = [this.#dialects[opposite], this.#path(opposite, pair.type[opposite])];
    const origin = this.#records.get(side, pair.type[side], key);
    const known = origin?.deleted ? await dialect.created(path, name) : undefined;
    const outcome = known ?? (await dialect.create(path, data, name));
    this.#store.remove('intents', name);
    if (outcome.refused)
      this.#log(`${opposite} ${pair.type[opposite]}: create refused, ${outcome.refused}`);
    if (outcome.record) {
      this.#records.learn(opposite, pair.type[opposite], outcome.record);
      const keys = side === 'source' ? [key, outcome.record.key] : [outcome.record.key, key];
      const link = this.#link(pair, ...keys, agreed);
      link.unwanted = Boolean(origin?.deleted && outcome.fresh);
    }
    this.#store.write();
    return !outcome.refused;
  }

  #link(pair, source, target, agreed) {
    const link = this.#links.make(pair, source, target, agreed);
    for (const side of SIDES) this.#changed(this.#id(link, side));
    return link;
  }

  // Bringing into agreement.

  async #agreeAll() {
    const rounds = new Map();
    const links = new Set([...this.#waiting].map((id) => this.#store.table('links').get(id)));
    while (links.size || this.#dirty.size) {
      for (const id of this.#dirty) for (const link of this.#links.of(id)) if (!link.ended) links.add(link);
      this.#dirty.clear();
      const [link] = links;
      if (!link) break;
      links.delete(link);
      rounds.set(link, (rounds.get(link) ?? 0) + 1);
      if (rounds.get(link) > MOST_ROUNDS) continue;
      try {
        await this.#agree(link);
      } catch (error) {
        for (const each of [link, ...links]) this.#dirty.add(this.#id(each, 'source'));
        throw error;
      }
    }
  }

  async #agree(link) {
    const pair = this.#dataflow.pairs[link.pair];
    const records = {};
    for (const side of SIDES) {
      const type = pair.type[side];
      records[side] =
        this.#records.get(side, type, link[side]) ?? (await this.#look(side, type, link[side]));
    }
    if (records.source.deleted || records.target.deleted) return this.#delete(link, pair, records);
    const planned = this.#plan(link, pair, records);
    for (const side of SIDES) {
      if (same(planned[side], records[side].data) || this.#isRefused(link, side, planned)) continue;
      if (!this.#dialects[side].guarded && (await this.#hasMoved(records[side]))) return this.#again(link);
    }
    return this.#write(link, pair, records, planned);
  }

  async #write(link, pair, records, planned) {
    const written = new Set();
    let hasMoved = false; // then it is planned again, from what was written until now
    for (const side of SIDES.toReversed()) {
      if (same(planned[side], records[side].data)) written.add(side);
      else if (!this.#isRefused(link, side, planned)) {
        const outcome = await this.#update(records[side], planned[side]);
        hasMoved = Boolean(outcome.stale || outcome.gone);
        if (hasMoved) break;
        if (outcome.record) written.add(side);
        else this.#refuse(link, side, planned, outcome.refused);
      }
    }
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
    if (hasMoved) this.#again(link);
    else this.#keepRefusals(link);
  }

  #plan(link, pair, { source, target }) {
    const { mapping } = pair;
    const { policies } = this.#dataflow;
    return plan({ mapping, source, target, agreed: link.agreed, policies, keys: this.#keys });
  }

  /** Reads a record just before it is written; tells whether it has changed. */
  async #hasMoved({ side, type, key }) {
    const id = recordId(side, type, key);
    const version = this.#records.version(id);
    await this.#look(side, type, key);
    return this.#records.version(id) !== version;
  }

  async #update(record, data) {
    const { side, type, key } = record;
    const outcome = await this.#dialects[side].update(this.#path(side, type), record, data);
    if (outcome.record) this.#records.learn(side, type, outcome.record);
    else if (!outcome.refused) await this.#look(side, type, key);
    return outcome;
  }

  #again(link) {
    this.#dirty.add(this.#id(link, 'source'));
  }

  // Refusals: what was refused is sent again only after one of the two records was edited.

  #isRefused(link, side, planned) {
    return this.#refused.get(`${side} ${link.id}`)?.is === this.#attempt(link, side, planned);
  }

  #attempt(link, side, planned) {
    const versions = SIDES.map((each) => this.#records.version(this.#id(link, each)));
    return stringify([versions, canonical(planned[side])]);
  }

  #refuse(link, side, planned, why) {
    this.#refused.set(`${side} ${link.id}`, { is: this.#attempt(link, side, planned), isNew: true });
    this.#log(`${side} ${this.#dataflow.pairs[link.pair].type[side]}: update refused, ${why}`);
  }

  /** Takes the connector's own writes since a refusal into account: they are nobody's edits. */
  #keepRefusals(link) {
    const pair = this.#dataflow.pairs[link.pair];
    const records = Object.fromEntries(
      SIDES.map((side) => [side, this.#records.byId(this.#id(link, side))]),
    );
    if (records.source.deleted || records.target.deleted) return;
    for (const side of SIDES) {
      const refused = this.#refused.get(`${side} ${link.id}`);
      if (!refused?.isNew) continue;
      refused.isNew = false;
      refused.is = this.#attempt(link, side, this.#plan(link, pair, records));
    }
  }

  // Deleting.

  async #delete(link, pair, records) {
    const side = SIDES.find((each) => !records[each].deleted);
    const isWanted = this.#dataflow.policies.deletions === 'propagate' || link.unwanted;
    if (side && isWanted && !(await this.#remove(link, records[side]))) return;
    this.#links.end(link);
    this.#waiting.delete(link.id);
    this.#renewed = true;
    this.#store.write();
  }

  /** Deletes a record; gives false if that was refused. */
  async #remove(link, { side, type, key }) {
    const name = `delete ${link.id}`;
    for (;;) {
      const record = this.#records.get(side, type, key);
      if (record.deleted) return true;
      const version = this.#records.version(recordId(side, type, key));
      if (this.#refused.get(name) === version) return false;
      const outcome = await this.#dialects[side].remove(this.#path(side, type), record);
      if (outcome.gone) this.#records.learn(side, type, { key, deleted: true });
      else if (outcome.stale) await this.#look(side, type, key);
      else {
        this.#refused.set(name, version);
        this.#log(`${side} ${type}: delete refused, ${outcome.refused}`);
      }
    }
  }

  #changed(id) {
    this.#dirty.add(id);
    this.#renewed = true;
  }

  #id(link, side) {
    return recordId(side, this.#dataflow.pairs[link.pair].type[side], link[side]);
  }

  #path(side, type) {
    return this.#dataflow.types[side][type].path;
  }
}
