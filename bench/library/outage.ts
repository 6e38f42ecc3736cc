import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { cpus } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { startRedisServer } from '../../src/testing/index.ts';
import { contenders } from './contenders.ts';

// Four processes under load; the first of two upstreams answers 503 for a while. `node bench/library/outage.ts [--write] [--only NAME]`

const { values } = parseArgs({ options: { write: { type: 'boolean', default: false }, only: { type: 'string' } } });
const PAGE = 'docs/reference/library-measured.md';
const PROCESSES = 4;
const PER_SECOND = 10;
const WARM_UP_MS = 5_000;
const OUTAGE_MS = 45_000;
const RECOVERY_MS = 60_000;
/** Requests of the fleet in a second at most, where all processes avoid the upstream. */
const FEW = 1;

interface Row {
  readonly name: string;
  readonly met: number;
  readonly errors: number;
  readonly avoidedS: number;
  readonly trials: number;
  readonly backS: number;
}

const redis = await startRedisServer();
const rows: Row[] = [];
for (const name of Object.keys(contenders)) {
  if (values.only !== undefined && values.only !== name) continue;
  // oxlint-disable-next-line no-await-in-loop -- one after the other
  rows.push(await measure(name));
  console.log(lineOf(rows.at(-1) as Row));
}
await redis.stop();
if (values.write) write();

async function measure(name: string): Promise<Row> {
  const met: number[] = [];
  let status = 200;
  const primary = await upstream(() => {
    met.push(performance.now());
    return status;
  });
  const secondary = await upstream(() => 200);
  const places = { primary: baseOf(primary), secondary: baseOf(secondary), redis: `redis://127.0.0.1:${redis.port}` };
  const callers = await Promise.all(Array.from({ length: PROCESSES }, async () => await caller(name, places)));
  await delay(WARM_UP_MS);
  const before = await errorsOf(callers);
  const from = performance.now();
  status = 503;
  await delay(OUTAGE_MS);
  const errors = (await errorsOf(callers)) - before;
  const to = performance.now();
  status = 200;
  await delay(RECOVERY_MS);
  for (const one of callers) one.send('end');
  for (const one of [primary, secondary]) {
    one.closeAllConnections();
    one.close();
  }
  const during = met.filter((at) => at >= from && at < to);
  const avoidedAt = avoidedFrom(during, from, to);
  const half = (PROCESSES * PER_SECOND) / 2;
  const back = met
    .filter((at) => at >= to)
    .find((at) => met.filter((one) => one >= at && one < at + 1_000).length >= half);
  return {
    name,
    met: during.length,
    errors,
    avoidedS: (avoidedAt - from) / 1_000,
    trials: during.filter((at) => at > avoidedAt).length,
    backS: back === undefined ? Infinity : (back - to) / 1_000,
  };
}

/** The time of the last request before the first second with few of them; the end of the outage if there is none. */
function avoidedFrom(times: readonly number[], from: number, to: number): number {
  for (const at of [from, ...times]) {
    if (at + 1_000 > to) break;
    if (times.filter((one) => one > at && one <= at + 1_000).length <= FEW) return at;
  }
  return to;
}

async function upstream(statusOf: () => number): Promise<Server> {
  const answer = JSON.stringify({
    id: '1',
    object: 'chat.completion',
    created: 1,
    model: 'chat',
    choices: [{ index: 0, message: { role: 'assistant', content: 'An answer' }, finish_reason: 'stop' }],
    usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
  });
  const failure = JSON.stringify({ error: { message: 'no capacity', type: 'server_error', code: null, param: null } });
  const server = createServer((request, response) => {
    request.resume();
    request.on('end', () => {
      const status = statusOf();
      response.writeHead(status, { 'content-type': 'application/json' }).end(status === 200 ? answer : failure);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

function baseOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
}

async function caller(name: string, places: object): Promise<ChildProcess> {
  const child = fork(new URL('caller.ts', import.meta.url), [name, JSON.stringify(places), String(PER_SECOND)]);
  await once(child, 'message');
  return child;
}

async function errorsOf(callers: readonly ChildProcess[]): Promise<number> {
  const counts = callers.map(async (one) => {
    one.send('count');
    const [{ errors }] = (await once(one, 'message')) as [{ errors: number }];
    return errors;
  });
  return (await Promise.all(counts)).reduce((sum, one) => sum + one, 0);
}

function lineOf({ name, met, errors, avoidedS, trials, backS }: Row): string {
  const avoided = avoidedS * 1_000 >= OUTAGE_MS - 100 ? 'never' : avoidedS.toFixed(1);
  const back = Number.isFinite(backS) ? backS.toFixed(1) : `> ${RECOVERY_MS / 1_000}`;
  return `| ${name} | ${met} | ${errors} | ${avoided} | ${avoided === 'never' ? '–' : trials} | ${back} |`;
}

function write(): void {
  const versions = ['opossum', 'cockatiel', 'ai-retry', 'ai-fallback'].map((name) => `${name} ${versionOf(name)}`);
  const text = `# Libraries in an outage, measured

${PROCESSES} processes with ${PER_SECOND} requests per second each use two upstreams, the second as fallback of the first. The first one answers 503 for ${OUTAGE_MS / 1_000} s. One run of
\`node bench/library/outage.ts --write\` on ${cpus().length} cores, one library after the other: ${versions.join(', ')}, each with the values
of its README; allswell with its defaults, the upstreams by \`order\`, and a Redis.

| library | requests that met the outage | caller's errors | s until all processes avoid it | tests of all processes after that | s until half of the traffic is back |
|---|--:|--:|--:|--:|--:|
${rows.map(lineOf).join('\n')}

"Avoid" is the moment before the first second in which at most one request of all processes reaches the first upstream; later requests are the tests.
"Never": no such second came, because the library tries the first upstream with each request, and each caller waits for the failed attempt. One run each: small
differences mean nothing. ai-fallback stays with the second upstream for its reset time of 60 s, whether or not the first one is back;
allswell, opossum and cockatiel come back when a test passes, allswell with a slow start of 30 s.
`;
  writeFileSync(PAGE, text);
}

function versionOf(name: string): string {
  return (JSON.parse(readFileSync(`node_modules/${name}/package.json`, 'utf8')) as { version: string }).version;
}
