import { spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureRedis, freePort, startRedisServer, until } from '../../src/testing/index.ts';
import { messageOf } from './processes.ts';
import type { Processes } from './processes.ts';

/** A running gateway. */
export interface Gateway {
  readonly name: string;
  readonly port: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Undefined for `direct`, which has no process. */
  readonly pid: number | undefined;
}

export interface GatewayInput {
  readonly processes: Processes;
  readonly upstreamPort: number;
  /** For configuration files. */
  readonly folder: string;
  /** Where Node writes profiles of bare Node and allswell; undefined: it does not. */
  readonly profileFolder: string | undefined;
  /** Called at the end, in reverse order. */
  readonly atEnd: (stop: () => Promise<void>) => void;
}

export type Started = Gateway | { readonly name: string; readonly skipped: string };

/** The model group that every request asks for. */
export const MODEL = 'bench';

const KEY = 'sk-bench-master-key';
const AUTHORIZED = { 'content-type': 'application/json', authorization: `Bearer ${KEY}` };
// What is published, not the sources.
const POD = new URL('../../dist/cli/main.js', import.meta.url).pathname;
const BARE = new URL('./bare-proxy.ts', import.meta.url).pathname;

/** No gateway: what client and upstream take alone. */
export function direct({ upstreamPort }: GatewayInput): Started {
  return { name: 'direct', port: upstreamPort, headers: AUTHORIZED, pid: undefined };
}

/** `node:http` and an undici pool, and nothing else. */
export async function bare(input: GatewayInput): Promise<Started> {
  const { processes, upstreamPort } = input;
  const args = [...profiling(input), BARE, `http://127.0.0.1:${upstreamPort}`];
  const child = processes.start('gateway', [process.execPath, ...args]);
  return { name: 'bare Node', port: await messageOf<number>(child), headers: AUTHORIZED, pid: child.pid };
}

/** A pod as it is installed: key, two deployments with probes, metrics, and Redis where there is one. */
export async function allswell(input: GatewayInput, workers = 1): Promise<Started> {
  const { processes, upstreamPort, folder, atEnd } = input;
  const found = await ensureRedis();
  const redis = found.kind === 'found' ? await startRedisServer({ program: found.program }) : undefined;
  if (redis !== undefined) {
    processes.pin('others', redis.pid);
    atEnd(async () => await redis.stop());
  }
  const config = join(folder, `allswell-${workers}.yaml`);
  writeFileSync(config, podConfig(upstreamPort, redis?.port));
  const port = await freePort();
  const args = [POD, 'serve', '--config', config, '--host', '127.0.0.1', '--port', String(port)];
  const command = [process.execPath, ...profiling(input), ...args, '--num_workers', String(workers)];
  const { pid } = processes.start(workers === 1 ? 'gateway' : 'gateways', command);
  const isJudged = async (): Promise<boolean> => {
    const answer = await fetch(`http://127.0.0.1:${port}/health`, { headers: AUTHORIZED });
    return ((await answer.json()) as { healthy_count: number }).healthy_count === 2;
  };
  await until(isJudged, { withinMs: 30_000, everyMs: 50, what: 'both deployments to be healthy' });
  const name = `allswell${workers === 1 ? '' : `, ${workers} workers`}${redis === undefined ? ' (no Redis found)' : ''}`;
  return { name, port, headers: AUTHORIZED, pid };
}

function profiling({ profileFolder }: GatewayInput): readonly string[] {
  return profileFolder === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profileFolder}`];
}

function podConfig(upstreamPort: number, redisPort: number | undefined): string {
  const redis =
    redisPort === undefined
      ? ''
      : `litellm_settings:
  cache: true
  cache_params: { type: redis, host: 127.0.0.1, port: ${redisPort} }
`;
  return `model_list:
${modelList(upstreamPort)}general_settings:
  master_key: ${KEY}
  background_health_checks: true
  use_shared_health_check: ${redisPort !== undefined}
  health_check_interval: 30
${redis}`;
}

function modelList(upstreamPort: number): string {
  const one = (model: string): string =>
    `  - { model_name: ${MODEL}, litellm_params: { model: openai/${model}, api_base: "http://127.0.0.1:${upstreamPort}/v1", api_key: sk-upstream } }\n`;
  return one('bench-a') + one('bench-b');
}

/** One worker that keeps connections to the upstream open, and buffers nothing. */
export async function nginx({ processes, upstreamPort, folder }: GatewayInput): Promise<Started> {
  const name = 'nginx';
  if (spawnSync('nginx', ['-v']).status !== 0) return { name, skipped: 'no nginx on PATH' };
  const port = await freePort();
  const config = join(folder, 'nginx.conf');
  writeFileSync(
    config,
    `daemon off; worker_processes 1; pid ${folder}/nginx.pid; error_log stderr error;
events { worker_connections 4096; }
http {
  access_log off; client_body_buffer_size 512k; client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/fastcgi; uwsgi_temp_path ${folder}/uwsgi; scgi_temp_path ${folder}/scgi;
  upstream bench { server 127.0.0.1:${upstreamPort}; keepalive 1024; }
  server {
    listen 127.0.0.1:${port} backlog=4096; keepalive_requests 100000000;
    location / { proxy_pass http://bench; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_buffering off; }
  }
}
`,
  );
  const { pid } = processes.start('gateway', ['nginx', '-c', config]);
  await listening(port, name);
  return { name, port, headers: AUTHORIZED, pid };
}

/** `folder`: an installed package `@portkey-ai/gateway`. */
export async function portkey({ processes, upstreamPort }: GatewayInput, folder: string | undefined): Promise<Started> {
  const name = 'Portkey';
  if (folder === undefined) return { name, skipped: 'needs --portkey, the folder of an installed @portkey-ai/gateway' };
  const main = join(folder, 'build/start-server.js');
  if (!existsSync(main)) return { name, skipped: `there is no ${main}` };
  const port = await freePort();
  const { pid } = processes.start('gateway', [process.execPath, main, `--port=${port}`, '--headless'], {
    stderr: 'ignore',
  });
  await listening(port, name);
  const custom = { 'x-portkey-provider': 'openai', 'x-portkey-custom-host': `http://127.0.0.1:${upstreamPort}/v1` };
  return { name, port, headers: { ...AUTHORIZED, ...custom }, pid };
}

/** `program`: LiteLLM's. */
export async function litellm(
  { processes, upstreamPort, folder }: GatewayInput,
  program: string | undefined,
): Promise<Started> {
  const name = 'LiteLLM';
  if (program === undefined) return { name, skipped: 'needs --litellm, the path of its program' };
  if (!existsSync(program)) return { name, skipped: `there is no ${program}` };
  const config = join(folder, 'litellm.yaml');
  writeFileSync(config, `model_list:\n${modelList(upstreamPort)}general_settings: { master_key: ${KEY} }\n`);
  const port = await freePort();
  const { pid } = processes.start('gateway', [program, '--config', config, '--port', String(port)], {
    env: { LITELLM_LOCAL_MODEL_COST_MAP: 'True', LITELLM_LOG: 'ERROR' },
  });
  await listening(port, name);
  return { name, port, headers: AUTHORIZED, pid };
}

async function listening(port: number, name: string): Promise<void> {
  const answers = async (): Promise<boolean> =>
    (await fetch(`http://127.0.0.1:${port}/`, { method: 'HEAD' })).status > 0;
  await until(answers, { withinMs: 120_000, everyMs: 50, what: `${name} to listen` });
}
