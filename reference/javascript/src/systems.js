// The two systems, by side and type. Rule: what a system says of a record is remembered at once.

export class Systems {
  #types;
  #dialects;
  #records;
  #log;

  /** `dialects` speak to the systems, by side; `log` takes lines without anybody's data. */
  constructor({ dataflow, dialects, records, log }) {
    this.#types = dataflow.types;
    this.#dialects = dialects;
    this.#records = records;
    this.#log = log;
  }

  /** Tells whether a side refuses a write when the record has changed since it was read. */
  isGuarded(side) {
    return this.#dialects[side].guarded;
  }

  /** Lists what changed since `cursor`; it may be old, and is not remembered yet. */
  changes(side, type, cursor) {
    return this.#dialects[side].changes(this.#path(side, type), cursor);
  }

  /** Reads one record; gives what is known then, undefined if it never was there. */
  async look(side, type, key) {
    const found = await this.#dialects[side].read(this.#path(side, type), key);
    if (found) this.#records.learn(side, type, found);
    return this.#records.get(side, type, key);
  }

  /** Creates a record under a name; where `isDoubtful`, what was created before is as good. */
  async create(side, type, data, name, { isDoubtful }) {
    const [dialect, path] = [this.#dialects[side], this.#path(side, type)];
    const known = isDoubtful ? await dialect.created(path, name) : undefined;
    const outcome = known ?? (await dialect.create(path, data, name));
    if (outcome.record) this.#records.learn(side, type, outcome.record);
    return this.#noted(side, type, 'create', outcome);
  }

  /** Gives a record new data; one that was changed or deleted meanwhile is read anew. */
  async update(record, data) {
    const { side, type, key } = record;
    const outcome = await this.#dialects[side].update(this.#path(side, type), record, data);
    if (outcome.record) this.#records.learn(side, type, outcome.record);
    else if (!outcome.refused) await this.look(side, type, key);
    return this.#noted(side, type, 'update', outcome);
  }

  /** Deletes a record; one that was changed meanwhile is read anew. */
  async remove(record) {
    const { side, type, key } = record;
    const outcome = await this.#dialects[side].remove(this.#path(side, type), record);
    if (outcome.gone) this.#records.learn(side, type, { key, deleted: true });
    else if (outcome.stale) await this.look(side, type, key);
    return this.#noted(side, type, 'delete', outcome);
  }

  #noted(side, type, write, outcome) {
    if (outcome.refused) this.#log(`${side} ${type}: ${write} refused, ${outcome.refused}`);
    return outcome;
  }

  #path(side, type) {
    return this.#types[side][type].path;
  }
}
