import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { get } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { loadConfig } from '../../src/config/index.ts';
import { startServer } from '../../src/server/start-server.ts';
import { startMockUpstream } from '../../src/testing/index.ts';
import type { ScrapedPage, ScrapeResults } from './results.ts';

// Size and time of a scrape of a real pod that has probed a thousand targets. Writes bench/results/metrics.json.

const TARGETS = 1_000;
const SCRAPES = 9;
const PAGES = ['/metrics', '/metrics/fleet'];
const KEY = 'sk-bench';

const upstream = await startMockUpstream();
const pod = await startPod();
const url = `http://127.0.0.1:${pod.port}`;
const health = await fetch(`${url}/health`, { headers: { authorization: `Bearer ${KEY}` } });
const { healthy_count: healthy } = (await health.json()) as { healthy_count: number };
if (healthy !== TARGETS) throw new Error(`${healthy} of ${TARGETS} targets are healthy`);
// The first reads the sums of the probes, later ones show them.
await bytesOf('/metrics/fleet');
await new Promise((resolve) => setTimeout(resolve, 2_000));

const pages: ScrapedPage[] = [];
// oxlint-disable-next-line no-await-in-loop -- one after the other, so that none slows another down
for (const path of PAGES) pages.push(await measured(path));
await pod.stop();
await upstream.close();
const results: ScrapeResults = {
  day: new Date().toISOString().slice(0, 10),
  machine: `${cpus().length} processors, Node ${process.version}`,
  targets: TARGETS,
  pages,
};
const shown = `${JSON.stringify(results, null, 2)}\n`;
if (process.argv.includes('--write')) writeFileSync('bench/results/metrics.json', shown);
console.log(shown);

async function startPod(): ReturnType<typeof startServer> {
  const entries = Array.from({ length: TARGETS }, (_, at) => {
    const params = `{ model: openai/gpt-4o-mini, api_base: "${upstream.apiBase}", api_key: sk-${at} }`;
    return `  - { model_name: group-${Math.floor(at / 4)}, litellm_params: ${params} }`;
  });
  const general = `general_settings: { master_key: ${KEY}, background_health_checks: false }`;
  const loaded = loadConfig({
    text: `model_list:\n${entries.join('\n')}\n${general}\n`,
    env: {},
    readFile: () => '',
  });
  if (loaded.kind === 'refused') throw new Error(JSON.stringify(loaded.problems));
  const quiet = { debug() {}, info() {}, warn() {}, error() {} };
  return await startServer(loaded.config, { host: '127.0.0.1', port: 0, createLogger: () => quiet });
}

async function measured(path: string): Promise<ScrapedPage> {
  const raw: number[] = [];
  const gzipped: number[] = [];
  for (let scrape = 0; scrape < SCRAPES; scrape += 1) {
    for (const [encoding, times] of [
      ['identity', raw],
      ['gzip', gzipped],
    ] as const) {
      const started = performance.now();
      // oxlint-disable-next-line no-await-in-loop -- one after the other, so that none slows another down
      await bytesOf(path, encoding);
      times.push(performance.now() - started);
    }
  }
  const plain = await bytesOf(path);
  const packed = await bytesOf(path, 'gzip');
  const text = (packed[0] === 0x1f ? gunzipSync(packed) : packed).toString();
  const series = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  const ofTargets = series.filter((line) => /[{,]target="[^"]/.test(line));
  return {
    path,
    seriesPerTarget: ofTargets.length / TARGETS,
    otherSeries: series.length - ofTargets.length,
    bytes: plain.length,
    gzippedBytes: packed.length,
    medianMs: medianOf(raw),
    medianGzippedMs: medianOf(gzipped),
  };
}

/** `fetch` would unpack the answer. */
async function bytesOf(path: string, encoding = 'identity'): Promise<Buffer> {
  return await new Promise((resolve, reject) => {
    get(`${url}${path}`, { headers: { 'accept-encoding': encoding } }, (answer) => {
      buffer(answer).then(resolve, reject);
    }).on('error', reject);
  });
}

function medianOf(times: readonly number[]): number {
  return Math.round((times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0) * 10) / 10;
}
