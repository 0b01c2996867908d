// HTTP to one system. Rule: it knows waiting, repeating and giving up, and no record.
//
// Only requests that are safe to repeat come here: reads, writes guarded by an ETag or of a fixed
// outcome, creates with a key. 429 and 503 say that nothing was done; 500, a lost connection and an
// answer cut short leave it open.

import http from 'node:http';

import { GaveUp, Unauthorized } from './errors.js';
import { parse, stringify } from './json.js';

const MOST_ATTEMPTS = 8; // for one request in one sync
const MOST_RETRIES = 60; // in one sync
const SYNC_MS = 45_000;
const ANSWER_MS = 5_000;
const BACKOFF_MS = 20;
const LONGEST_BACKOFF_MS = 1_000;
const CLOSED = new Set([429, 503]);

export class Transport {
  #base;
  #token;
  #agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  #closedUntil = 0;
  #refused = false;
  #deadline = 0;
  #retries = 0;
  #failures = new Map();

  /** Speaks to the system at `base` (a URL), and to no other, with its `token`. */
  constructor(base, token) {
    this.#base = new URL(base);
    this.#token = token;
  }

  /** Begins a sync: what may be repeated, and how long, counts from here. */
  begin() {
    this.#deadline = performance.now() + SYNC_MS;
    this.#retries = 0;
    this.#failures.clear();
  }

  /** Ends all connections. */
  close() {
    this.#agent.destroy();
  }

  /**
   * Sends a request and gives `{status, body}`, the body read as JSON. `target` is a path below the
   * base URL, or a link that this system gave. Throws GaveUp when no answer can be had for now,
   * with `doubt` when the work may have been done, and Unauthorized on 401.
   */
  async send(method, target, { body, headers = {} } = {}) {
    const url = this.#resolve(target);
    const text = body === undefined ? undefined : stringify(body);
    const name = `${method} ${url.href} ${text ?? ''}`;
    let doubt = false;
    for (;;) {
      if (this.#refused) throw new Unauthorized(`${url.host} knows no such token`);
      await this.#wait(doubt);
      const answer = await this.#attempt(method, url, text, headers);
      if (answer.status === 401) this.#refused = true;
      else if (!isFailure(answer)) return answer;
      else {
        doubt ||= !CLOSED.has(answer.status);
        this.#failed(name, answer, doubt);
        if (!CLOSED.has(answer.status) || !answer.retryAfterMs) await pause(this.#backoff(name));
      }
    }
  }

  #resolve(target) {
    const base = this.#base.href.replace(/\/$/, '');
    const url = new URL(target.startsWith('/') ? base + target : target);
    if (url.origin !== this.#base.origin) throw new GaveUp('a link leads to another origin');
    return url;
  }

  async #wait(doubt) {
    const left = this.#closedUntil - performance.now();
    if (left <= 0) return;
    if (this.#closedUntil > this.#deadline) throw new GaveUp('a system asks to wait too long', doubt);
    await pause(left);
  }

  #failed(name, answer, doubt) {
    if (answer.retryAfterMs) this.#closedUntil = performance.now() + answer.retryAfterMs;
    const count = (this.#failures.get(name) ?? 0) + 1;
    this.#failures.set(name, count);
    this.#retries += 1;
    if (count >= MOST_ATTEMPTS || this.#retries >= MOST_RETRIES || performance.now() > this.#deadline) {
      throw new GaveUp(`no good answer after ${count} attempts`, doubt);
    }
  }

  #backoff(name) {
    return Math.min(LONGEST_BACKOFF_MS, BACKOFF_MS * 2 ** (this.#failures.get(name) - 1));
  }

  /** Gives the answer of one attempt; status 0 where none came in full. */
  #attempt(method, url, text, headers) {
    const sent = { accept: 'application/json', authorization: `Bearer ${this.#token}`, ...headers };
    if (text !== undefined) {
      sent['content-type'] = 'application/json';
      sent['content-length'] = Buffer.byteLength(text);
    }
    return new Promise((resolve) => {
      const request = http.request(url, { method, headers: sent, agent: this.#agent });
      const lost = () => resolve({ status: 0 });
      const timer = setTimeout(() => request.destroy(new Error('time-out')), ANSWER_MS);
      request.on('error', lost);
      request.on('close', () => clearTimeout(timer));
      request.on('response', (response) => {
        const parts = [];
        response.on('data', (part) => parts.push(part));
        response.on('error', lost);
        response.on('close', () =>
          resolve(response.complete ? read(response, Buffer.concat(parts)) : { status: 0 }),
        );
      });
      request.end(text);
    });
  }
}

function isFailure({ status }) {
  return status === 0 || status >= 500 || CLOSED.has(status);
}

function read({ statusCode: status, headers }, bytes) {
  const seconds = /^[0-9]+$/.test(headers['retry-after'] ?? '') ? Number(headers['retry-after']) : 0;
  const retryAfterMs = CLOSED.has(status) && seconds ? seconds * 1000 + 5 : 0;
  if (!bytes.length) return { status, retryAfterMs };
  try {
    return { status, retryAfterMs, body: parse(bytes.toString('utf8')) };
  } catch {
    return { status: status < 400 ? 0 : status, retryAfterMs };
  }
}

/** Waits for some milliseconds. */
export function pause(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
