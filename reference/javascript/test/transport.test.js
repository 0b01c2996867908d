// Real sockets: what a bad network does to a request.

import assert from 'node:assert/strict';
import http from 'node:http';
import { afterEach, test } from 'node:test';

import { GaveUp, Unauthorized } from '../src/errors.js';
import { Transport } from '../src/transport.js';

let server;
afterEach(() => server.close());

/** Starts a server whose n-th request is answered by the n-th of `answers`, the last for ever. */
async function serve(...answers) {
  const seen = [];
  server = http.createServer((request, response) => {
    const answer = answers[Math.min(seen.length, answers.length - 1)];
    seen.push({ method: request.method, url: request.url, headers: request.headers });
    answer(response);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const transport = new Transport(`http://127.0.0.1:${server.address().port}/api/`, 'secret');
  transport.begin();
  return { transport, seen, end: () => transport.close() };
}

const good = (response) => response.end('{"fine":true}');
const reset = (response) => response.socket.destroy();
const status =
  (code, headers = {}) =>
  (response) =>
    response.writeHead(code, headers).end('{}');
const cut = (response) => {
  response.writeHead(200, { 'content-length': 100 });
  response.write('{"half');
  setImmediate(() => response.socket.destroy());
};

test('a lost, a broken and a cut answer are asked for again', async () => {
  const { transport, seen, end } = await serve(reset, status(500), cut, good);
  assert.deepEqual((await transport.send('GET', '/a')).body, { fine: true });
  assert.equal(seen.length, 4);
  assert.equal(seen[0].url, '/api/a');
  assert.equal(seen[0].headers.authorization, 'Bearer secret');
  end();
});

test('Retry-After is waited for', async () => {
  const { transport, end } = await serve(status(429, { 'retry-after': '1' }), good);
  const began = performance.now();
  await transport.send('GET', '/a');
  assert.ok(performance.now() - began >= 1000);
  end();
});

test('attempts are bounded, and it is known whether there is a doubt', async () => {
  const definite = await serve(status(503, { 'retry-after': '0' }));
  await assert.rejects(
    definite.transport.send('POST', '/a', { body: {} }),
    (error) => error instanceof GaveUp && !error.doubt,
  );
  assert.ok(definite.seen.length <= 10);
  definite.end();
  server.close();
  const indefinite = await serve(reset, status(503));
  await assert.rejects(indefinite.transport.send('POST', '/a', { body: {} }), (error) => error.doubt);
  indefinite.end();
});

test('after 401 nothing more is sent', async () => {
  const { transport, seen, end } = await serve(status(401));
  await assert.rejects(transport.send('GET', '/a'), Unauthorized);
  await assert.rejects(transport.send('GET', '/b'), Unauthorized);
  assert.equal(seen.length, 1);
  end();
});

test('the token goes to its own system only', async () => {
  const { transport, seen, end } = await serve(good);
  await assert.rejects(transport.send('GET', 'http://127.0.0.1:9/elsewhere'), GaveUp);
  assert.equal(seen.length, 0);
  end();
});
