// The process: what it says when it is started, asked, and left.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../main.js', import.meta.url));
const FLOW = {
  source: { system: 'Shop', api: 'storefront/1' },
  target: { system: 'ERP', api: 'ledger/1' },
  types: { source: { A: { path: 'a' } }, target: { B: { path: 'b' } } },
  pairs: [{ source: 'A', target: 'B', create: { when: 'always' }, properties: [] }],
};

test('without the variables it says which are missing', async () => {
  const connector = spawn(process.execPath, [MAIN], { env: {}, stdio: ['ignore', 'ignore', 'pipe'] });
  let told = '';
  connector.stderr.on('data', (part) => {
    told += part;
  });
  const [status] = await once(connector, 'close');
  assert.equal(status, 2);
  assert.match(told, /TALLYSTICK_DATAFLOW.*TALLYSTICK_TARGET_TOKEN/);
});

test('it is ready, gives up where nobody answers, and goes when its input ends', async (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'main-'));
  context.after(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'dataflow.json'), JSON.stringify(FLOW));
  const env = {
    TALLYSTICK_DATAFLOW: join(folder, 'dataflow.json'),
    TALLYSTICK_STATE: folder,
    TALLYSTICK_MODE: 'stdio',
  };
  for (const side of ['SOURCE', 'TARGET']) {
    env[`TALLYSTICK_${side}_URL`] = 'http://127.0.0.1:9';
    env[`TALLYSTICK_${side}_TOKEN`] = `${side}-secret`;
  }
  const connector = spawn(process.execPath, [MAIN], { env });
  let told = '';
  connector.stderr.on('data', (part) => {
    told += part;
  });
  const lines = createInterface({ input: connector.stdout })[Symbol.asyncIterator]();
  const next = async () => JSON.parse((await lines.next()).value);
  assert.deepEqual(await next(), { ready: true });
  connector.stdin.write('{"id": 7, "do": "sync"}\n');
  const answer = await next();
  assert.deepEqual([answer.id, typeof answer.failed, answer.did], [7, 'string', undefined]);
  connector.stdin.end();
  const [status] = await once(connector, 'close');
  assert.equal(status, 0);
  assert.doesNotMatch(told, /secret/);
});
