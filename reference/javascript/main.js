// A connector as the connector contract, version 1, asks for one: see README.md.

import { Connector } from './src/connector.js';
import { readDataflow } from './src/dataflow.js';
import { Ledger } from './src/ledger.js';
import { runByItself, runOnRequest } from './src/modes.js';
import { Store } from './src/store.js';
import { Storefront } from './src/storefront.js';
import { Transport } from './src/transport.js';

const DIALECTS = { 'storefront/1': Storefront, 'ledger/1': Ledger };

const VARIABLES = [
  'TALLYSTICK_DATAFLOW',
  'TALLYSTICK_STATE',
  ...['SOURCE', 'TARGET'].flatMap((side) => [`TALLYSTICK_${side}_URL`, `TALLYSTICK_${side}_TOKEN`]),
];
const LAST_WORK_MS = 3_000; // at the end of stdin, for a sync that is under way

const env = process.env;
const log = (line) => process.stderr.write(`${line}\n`);
const missing = VARIABLES.filter((name) => !env[name]);
if (missing.length) {
  log(`these variables of the contract are not set: ${missing.join(', ')}`);
  process.exit(2);
}
const dataflow = readDataflow(env.TALLYSTICK_DATAFLOW);
const transports = [];
const speak = (side, name) => {
  const transport = new Transport(env[`TALLYSTICK_${name}_URL`], env[`TALLYSTICK_${name}_TOKEN`]);
  transports.push(transport);
  return new DIALECTS[dataflow.apis[side]](transport);
};
const dialects = { source: speak('source', 'SOURCE'), target: speak('target', 'TARGET') };
const store = new Store(env.TALLYSTICK_STATE);
const connector = new Connector({ dataflow, dialects, store, log });

async function sync() {
  for (const transport of transports) transport.begin();
  await connector.sync();
}

process.stdin.on('end', () => setTimeout(() => process.exit(), LAST_WORK_MS).unref());
if (env.TALLYSTICK_MODE === 'poll') await runByItself(sync, { log });
else await runOnRequest(sync, { input: process.stdin, output: process.stdout, log });
for (const transport of transports) transport.close();
store.close();
