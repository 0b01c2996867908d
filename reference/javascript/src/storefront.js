// The dialect storefront/1. Rule: it turns the API into records and outcomes, and remembers nothing.
//
// A *record* is `{key, at, data}` (`at` in milliseconds), `{key, deleted: true}` when deleted. An
// *outcome* of a write is one of `{record}`, `{gone: true}`, `{stale: true}`, `{refused: code}`.

import { GaveUp } from './errors.js';
import { copy, isObject, member, same, setMember } from './json.js';
import { refusal, segment } from './outcomes.js';

const PAGE = 100;
const BEGINNING = '1970-01-01T00:00:00Z';

export class Storefront {
  /** Whether a write is refused when the record has changed since it was read. */
  guarded = false;

  #transport;

  constructor(transport) {
    this.#transport = transport;
  }

  /**
   * Reads the records of the type at `path` that changed since `cursor` (undefined: ever). Gives
   * `{records, cursor}`; the next read begins there. The newest second is read again each time.
   *
   * A change moves a record to the end and those behind it one place to the front. So the pages
   * are read from the last to the first: what moves meanwhile moves into a page still to be read.
   */
  async changes(path, cursor) {
    const first = await this.#page(path, cursor, 1);
    const found = [first.items];
    for (let page = first.pages; page > 1; page -= 1)
      found.push((await this.#page(path, cursor, page)).items);
    if (first.pages > 1) found.push((await this.#page(path, cursor, 1)).items);
    const newest = new Map();
    for (const item of found.flat()) {
      if (!(newest.get(item.id)?.modified_at > item.modified_at)) newest.set(item.id, item);
    }
    const times = [...newest.values()].map((item) => item.modified_at);
    const latest = [cursor, ...times].filter(Boolean).sort().at(-1);
    return { records: [...newest.values()].map(record), cursor: latest };
  }

  /** Reads one record; undefined if it never was there. */
  async read(path, key) {
    const { status, body } = await this.#transport.send('GET', `/${segment(path)}/${segment(key)}`);
    if (status === 200) return record(body);
    return status === 410 ? { key, deleted: true } : undefined;
  }

  /** Creates a record, once for one `name`; `fresh` tells whether it was made just now. */
  async create(path, data, name) {
    const headers = { 'idempotency-key': name };
    const answer = await this.#transport.send('POST', `/${segment(path)}`, { body: { data }, headers });
    if (answer.status !== 200 && answer.status !== 201) return refusal(answer);
    return { record: record(answer.body), fresh: answer.status === 201 };
  }

  /** Never knows whether a create in doubt was done, unless it is sent again. */
  async created() {
    return undefined;
  }

  /** Gives `data` to a record whose data were read as `known.data`. */
  async update(path, known, data) {
    const body = { data: patch(known.data, data) };
    const answer = await this.#transport.send('PATCH', `/${segment(path)}/${segment(known.key)}`, { body });
    return answer.status === 200 ? { record: record(answer.body) } : refusal(answer);
  }

  /** Deletes a record. */
  async remove(path, known) {
    const answer = await this.#transport.send('DELETE', `/${segment(path)}/${segment(known.key)}`);
    return answer.status === 204 ? { gone: true } : refusal(answer);
  }

  async #page(path, cursor, page) {
    const since = encodeURIComponent(cursor ?? BEGINNING);
    const target = `/${segment(path)}?modified_since=${since}&page=${page}&per_page=${PAGE}`;
    const answer = await this.#transport.send('GET', target);
    if (answer.status !== 200) throw new GaveUp(`a listing was answered ${answer.status}`);
    return answer.body;
  }
}

/** Gives the merge patch (RFC 7396) that makes `after` of `before`. */
export function patch(before, after) {
  const made = {};
  for (const name of Object.keys(before)) if (!Object.hasOwn(after, name)) setMember(made, name, null);
  for (const [name, value] of Object.entries(after)) {
    const old = member(before, name);
    if (isObject(old) && isObject(value)) {
      const inner = patch(old, value);
      if (Object.keys(inner).length) setMember(made, name, inner);
    } else if (!same(old, value)) setMember(made, name, copy(value));
  }
  return made;
}

function record(envelope) {
  if (envelope.deleted_at !== undefined) return { key: envelope.id, deleted: true };
  return { key: envelope.id, at: Date.parse(envelope.modified_at), data: envelope.data };
}
