import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { ask, epochMs, SECRETS } from '../../fleet/harness/index.ts';
import type { Reply } from '../../fleet/harness/index.ts';
import { endWithThisProcess, freePort, until } from '../../../src/testing/index.ts';

/** A row of LiteLLM's `/health`; `state` is there in rows that we published. */
export interface LitellmRow {
  readonly model: string;
  readonly model_id: string;
  readonly state?: string;
  readonly exception_status?: number;
  readonly error?: string;
}

/** LiteLLM's `/health`; empty before the first round has ended. */
export interface LitellmHealth {
  readonly healthy_endpoints?: readonly LitellmRow[];
  readonly unhealthy_endpoints?: readonly LitellmRow[];
}

/** A LiteLLM proxy: a process of its own on loopback. */
export interface LitellmPod {
  readonly name: string;
  readonly url: string;
  log(): string;
  /** When its calls of an upstream model failed, epoch milliseconds, by its log: the upstream cannot see refused ones. */
  failures(model: string): readonly number[];
  get(path: string): Promise<Reply>;
  health(): Promise<LitellmHealth>;
  /** Names in its list of models. */
  models(): Promise<readonly string[]>;
  /** Sends a user's request; answers its status. */
  chat(model: string): Promise<number>;
  /** Sends one; answers the id of the deployment that served it. */
  served(model: string): Promise<string | null>;
  /** Ends it and waits. */
  end(): Promise<void>;
}

export interface LitellmSpawn {
  readonly name: string;
  readonly configFile: string;
  readonly env: Readonly<Record<string, string>>;
  /** Path of LiteLLM's program; that of `LITELLM_BIN` unless given. */
  readonly program?: string | undefined;
}

/** LiteLLM's line about a failed call, at its log level INFO. */
const FAILED_CALL = /acompletion\(model=openai\/([\w.-]+)\) Exception/g;

/** Start-up takes ten seconds of a processor for each pod. */
const START_LIMIT_MS = 180_000;

/** Starts a pod; resolves once it is alive. */
export async function startLitellm({ name, configFile, env, program }: LitellmSpawn): Promise<LitellmPod> {
  const port = await freePort();
  const args = ['--config', configFile, '--host', '127.0.0.1', '--port', String(port), '--num_workers', '1'];
  const child = spawn(program ?? process.env['LITELLM_BIN'] ?? 'litellm', args, {
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...OFFLINE, LITELLM_LOG: 'INFO', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  endWithThisProcess(child);
  let log = '';
  const failed = new Map<string, number[]>();
  const take = (chunk: Buffer): void => {
    const text = chunk.toString();
    log += text;
    for (const [, model = ''] of text.matchAll(FAILED_CALL)) {
      failed.set(model, [...(failed.get(model) ?? []), epochMs()]);
    }
  };
  child.stdout.on('data', take);
  child.stderr.on('data', take);
  const closed = new Promise<void>((resolve) => {
    child.once('close', () => resolve());
    child.once('error', ({ message }) => {
      log += `${message}; .ci/fetch-litellm gets one for LITELLM_BIN\n`;
      resolve();
    });
  });
  const url = `http://127.0.0.1:${port}`;
  const headers = { authorization: `Bearer ${SECRETS.masterKey}` };
  const get = (path: string): Promise<Reply> => ask(url + path, headers);
  const json = async <T>(path: string): Promise<T> => JSON.parse((await get(path)).text) as T;
  const post = async (model: string): Promise<Response> => {
    const response = await fetch(`${url}/v1/chat/completions`, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify({ model, messages: [{ role: 'user', content: 'A question of a user' }] }),
    });
    await response.arrayBuffer();
    return response;
  };
  const pod: LitellmPod = {
    name,
    url,
    log: () => log,
    failures: (model) => failed.get(model) ?? [],
    get,
    health: () => json('/health'),
    models: async () => (await json<{ data: readonly { id: string }[] }>('/v1/models')).data.map(({ id }) => id),
    chat: async (model) => (await post(model)).status,
    served: async (model) => (await post(model)).headers.get('x-litellm-model-id'),
    end: async () => {
      child.kill('SIGKILL');
      await closed;
    },
  };
  await alive(pod, child);
  return pod;
}

/** What keeps its start off the network. */
const OFFLINE = {
  PYTHONUNBUFFERED: '1',
  LITELLM_MODE: 'PRODUCTION',
  LITELLM_LOCAL_MODEL_COST_MAP: 'True',
  LITELLM_LOCAL_ANTHROPIC_BETA_HEADERS: 'True',
  LITELLM_LOCAL_BLOG_POSTS: 'True',
  LITELLM_LOCAL_AUTOROUTER_PRESETS: 'True',
  LITELLM_LOCAL_POLICY_TEMPLATES: 'True',
};

async function alive(pod: LitellmPod, child: ChildProcess): Promise<void> {
  // Asked for often, three starting pods would answer instead of starting.
  const bound = { withinMs: START_LIMIT_MS, what: `${pod.name} to be alive`, everyMs: 250 };
  const ended = (): boolean => child.pid === undefined || child.exitCode !== null || child.signalCode !== null;
  await until(async () => ended() || (await pod.get('/health/liveliness')).status === 200, bound);
  if (ended()) throw new Error(`${pod.name} ended at its start:\n${pod.log().slice(-4_000)}`);
}
