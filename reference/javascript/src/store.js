// What the connector remembers, safe from crashes. Rule: tables of JSON values, and no meaning.
//
// Two files in the state directory: `state.json`, a snapshot that is replaced as a whole, and
// `state.log`, one line for each change since. A line that a crash cut short ends the log. Both
// carry a generation, so that a log never goes with a snapshot that already has its changes.

import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  truncateSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';

import { parse, stringify } from './json.js';

const LEAST_BEFORE_SNAPSHOT = 1000;

export class Store {
  #folder;
  #log;
  #generation = 0;
  #lines = 0;
  #waiting = [];
  #tables = new Map();

  /** Opens the state in `folder`, whatever a crash left there. */
  constructor(folder) {
    this.#folder = folder;
    this.#readSnapshot();
    const whole = this.#readLog();
    if (whole === undefined) this.#snapshot();
    else {
      truncateSync(this.#path('log'), whole);
      this.#log = openSync(this.#path('log'), 'a');
    }
  }

  /** Gives a table, a Map to read from; it is changed through `put` and `remove` only. */
  table(name) {
    if (!this.#tables.has(name)) this.#tables.set(name, new Map());
    return this.#tables.get(name);
  }

  /** Remembers a value under a key (text) from the next `write` on. */
  put(name, key, value) {
    this.table(name).set(key, value);
    this.#waiting.push(stringify([name, key, value]));
  }

  /** Forgets what is under a key. */
  remove(name, key) {
    if (this.table(name).delete(key)) this.#waiting.push(stringify([name, key]));
  }

  /** Writes what has changed, so that it outlives this process. */
  write() {
    if (!this.#waiting.length) return;
    writeSync(this.#log, `${this.#waiting.join('\n')}\n`);
    this.#lines += this.#waiting.length;
    this.#waiting = [];
  }

  /** Writes what has changed, so that it outlives a loss of power too. */
  writeThrough() {
    this.write();
    fsyncSync(this.#log);
  }

  /** Writes everything anew when the log has grown long beside what it tells of. */
  tidy() {
    this.write();
    const values = [...this.#tables.values()].reduce((sum, table) => sum + table.size, 0);
    if (this.#lines > LEAST_BEFORE_SNAPSHOT + 2 * values) this.#snapshot();
  }

  /** Writes what is left and closes the files. */
  close() {
    this.writeThrough();
    closeSync(this.#log);
  }

  #path(extension) {
    return join(this.#folder, `state.${extension}`);
  }

  #readSnapshot() {
    if (!existsSync(this.#path('json'))) return;
    const { generation, tables } = parse(readFileSync(this.#path('json'), 'utf8'));
    this.#generation = generation;
    for (const [name, entries] of tables) this.#tables.set(name, new Map(entries));
  }

  /** Reads the log of this generation; gives its whole lines' length in bytes, or undefined. */
  #readLog() {
    if (!existsSync(this.#path('log'))) return undefined;
    const bytes = readFileSync(this.#path('log'));
    const whole = bytes.lastIndexOf('\n') + 1;
    const [first, ...lines] = bytes.subarray(0, whole).toString('utf8').split('\n').slice(0, -1);
    if (first !== String(this.#generation)) return undefined;
    for (const line of lines) {
      const [name, key, value] = parse(line);
      if (value === undefined) this.table(name).delete(key);
      else this.table(name).set(key, value);
    }
    this.#lines = lines.length;
    return whole;
  }

  #snapshot() {
    const generation = this.#generation + 1;
    const tables = [...this.#tables].map(([name, table]) => [name, [...table]]);
    this.#replace('json', stringify({ generation, tables }));
    if (this.#log !== undefined) closeSync(this.#log);
    this.#replace('log', `${generation}\n`);
    this.#log = openSync(this.#path('log'), 'a');
    this.#generation = generation;
    this.#lines = 0;
    this.#waiting = [];
  }

  /** Replaces a file as a whole: it has either its old content or its new one. */
  #replace(extension, text) {
    const fresh = `${this.#path(extension)}.new`;
    const file = openSync(fresh, 'w');
    writeSync(file, text);
    fsyncSync(file);
    closeSync(file);
    renameSync(fresh, this.#path(extension));
    const folder = openSync(this.#folder, 'r');
    fsyncSync(folder);
    closeSync(folder);
  }
}
