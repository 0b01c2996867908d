// The dialect ledger/1. Rule: it turns the API into records and outcomes, and remembers nothing.
//
// Records and outcomes are those of `storefront.js`; a record carries its `etag` besides.

import { GaveUp } from './errors.js';
import { refusal, segment } from './outcomes.js';

const PAGE = 100;

export class Ledger {
  /** Whether a write is refused when the record has changed since it was read. */
  guarded = true;

  #transport;

  constructor(transport) {
    this.#transport = transport;
  }

  /**
   * Reads what changed since `cursor`, a delta link. Without one, or when it has expired, every
   * record is read: then `full` is true, and a record that is not listed may have been deleted.
   */
  async changes(path, cursor) {
    if (cursor !== undefined) {
      const found = await this.#follow(cursor);
      if (found) return { ...found, full: false };
    }
    for (;;) {
      const found = await this.#follow(`/${segment(path)}?top=${PAGE}`);
      if (found) return { ...found, full: true };
    }
  }

  /** Reads one record; undefined if it never was there. */
  async read(path, key) {
    const { status, body } = await this.#transport.send('GET', `/${segment(path)}/${segment(key)}`);
    if (status === 200) return record(body);
    return status === 410 ? { key, deleted: true } : undefined;
  }

  /** Creates a record, once for one `name`; `fresh` tells whether it was made just now. */
  async create(path, data, name) {
    const body = { data, external_reference: name };
    const answer = await this.#transport.send('POST', `/${segment(path)}`, { body });
    if (answer.status === 201) return { record: record(answer.body), fresh: true };
    const existing = answer.status === 409 ? answer.body?.existing_id : undefined;
    if (existing === undefined) return refusal(answer);
    return { record: (await this.read(path, existing)) ?? { key: existing, deleted: true }, fresh: false };
  }

  /** Gives the outcome of a create in doubt: undefined if it must be sent again to be known. */
  async created(path, name) {
    const target = `/${segment(path)}?external_reference=${encodeURIComponent(name)}`;
    const { status, body } = await this.#transport.send('GET', target);
    if (status !== 200) return undefined;
    return body.value.length ? { record: record(body.value[0]), fresh: false } : { gone: true };
  }

  /** Replaces the data of a record, if it is still as `known` says. */
  async update(path, known, data) {
    const target = `/${segment(path)}/${segment(known.key)}`;
    const headers = { 'if-match': known.etag };
    const answer = await this.#transport.send('PUT', target, { body: { data }, headers });
    return answer.status === 200 ? { record: record(answer.body) } : refusal(answer);
  }

  /** Deletes a record, if it is still as `known` says. */
  async remove(path, known) {
    const target = `/${segment(path)}/${segment(known.key)}`;
    const answer = await this.#transport.send('DELETE', target, { headers: { 'if-match': known.etag } });
    return answer.status === 204 ? { gone: true } : refusal(answer);
  }

  /** Follows links to the last page; undefined when one has expired. */
  async #follow(target) {
    const items = [];
    for (let next = target; ;) {
      const { status, body } = await this.#transport.send('GET', next);
      if (status === 410) return undefined;
      if (status !== 200) throw new GaveUp(`a listing was answered ${status}`);
      items.push(...body.value);
      if (body.deltaLink !== undefined) return { records: items.map(record), cursor: body.deltaLink };
      next = body.nextLink;
    }
  }
}

function record(envelope) {
  if (envelope.removed) return { key: envelope.id, deleted: true };
  const { id: key, etag, data } = envelope;
  return { key, at: Date.parse(envelope.modified_at), etag, data };
}
