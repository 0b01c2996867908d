// How the connector is run. Rule: nothing but the contract's lines goes to stdout.

import { createInterface } from 'node:readline';

import { GaveUp, Unauthorized } from './errors.js';
import { pause } from './transport.js';

const POLL_MS = 50;
const LONGEST_PAUSE_MS = 2_000;

/** Syncs when a line on stdin asks for it, until stdin ends. */
export async function runOnRequest(sync, { input, output, log }) {
  const say = (message) => output.write(`${JSON.stringify(message)}\n`);
  say({ ready: true });
  for await (const line of createInterface({ input })) {
    if (!line.trim()) continue;
    const { id, do: wanted } = JSON.parse(line);
    if (wanted !== 'sync') say({ id, failed: 'only "sync" is understood' });
    else say(await answer(id, sync, log));
  }
}

async function answer(id, sync, log) {
  try {
    await sync();
    return { id, did: 'sync' };
  } catch (error) {
    log(describe(error));
    return { id, failed: describe(error) };
  }
}

/** Syncs again and again, until a system turns the connector away for good. */
export async function runByItself(sync, { log }) {
  for (let failures = 0; ;) {
    try {
      await sync();
      failures = 0;
    } catch (error) {
      log(describe(error));
      if (error instanceof Unauthorized) return;
      failures += 1;
    }
    await pause(Math.min(LONGEST_PAUSE_MS, POLL_MS * 2 ** failures));
  }
}

/** Says what went wrong without quoting what may hold somebody's data. */
function describe(error) {
  return error instanceof GaveUp || error instanceof Unauthorized
    ? error.message
    : `${error.constructor.name} in ${/\((.*)\)/.exec(error.stack ?? '')?.[1] ?? 'the connector'}`;
}
