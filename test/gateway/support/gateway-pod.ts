import { loadConfig } from '../../../src/config/index.ts';
import type { Logger } from '../../../src/ports/index.ts';
import { startServer } from '../../../src/server/index.ts';
import type { RunningServer } from '../../../src/server/index.ts';

/** A pod of one process with its key, and what it logged. */
export interface GatewayPod {
  readonly url: string;
  readonly server: RunningServer;
  readonly lines: readonly string[];
  /** Sends a body to an endpoint with the master key. */
  post(path: string, body: unknown, init?: RequestInit): Promise<Response>;
  chat(model: string, extra?: Readonly<Record<string, unknown>>, init?: RequestInit): Promise<Response>;
}

export interface PodInput {
  /** Lines of `model_list`, and what else belongs at the top level. */
  readonly yaml: string;
  readonly env?: Readonly<Record<string, string>>;
}

export const KEY = 'sk-master-of-the-tests-0123456789';

/** Starts a pod whose targets are not probed unless the file says otherwise: what it knows, it knows from requests. */
export async function startGatewayPod({ yaml, env = {} }: PodInput): Promise<GatewayPod> {
  const loaded = loadConfig({
    text: `${yaml}\n${yaml.includes('general_settings:') ? '' : `general_settings: { master_key: ${KEY} }\n`}`,
    env,
    readFile: () => '',
  });
  if (loaded.kind === 'refused') throw new Error(JSON.stringify(loaded.problems, null, 1));
  const lines: string[] = [];
  const loggerWith = (redact: (text: string) => string): Logger => {
    const write =
      (level: string) =>
      (message: string): void =>
        void lines.push(`${level} ${redact(message)}`);
    return { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
  };
  const server = await startServer(loaded.config, {
    host: '127.0.0.1',
    port: 0,
    createLogger: loggerWith,
    drainMs: 500,
  });
  const url = `http://127.0.0.1:${server.port}`;
  const post: GatewayPod['post'] = async (path, body, init = {}) =>
    await fetch(`${url}${path}`, {
      method: 'POST',
      body: typeof body === 'string' || body instanceof FormData ? body : JSON.stringify(body),
      ...init,
      headers: {
        authorization: `Bearer ${KEY}`,
        ...(body instanceof FormData ? {} : { 'content-type': 'application/json' }),
        ...(init.headers as Record<string, string> | undefined),
      },
    });
  return {
    url,
    server,
    lines,
    post,
    chat: async (model, extra = {}, init = {}) =>
      await post('/v1/chat/completions', { model, messages: [{ role: 'user', content: 'hi' }], ...extra }, init),
  };
}

/** An entry of `model_list` in OpenAI's format. */
export function deployment(
  group: string,
  base: string,
  { model = 'openai/upstream-model', params = '', info = '' }: { model?: string; params?: string; info?: string } = {},
): string {
  const more = params === '' ? '' : `, ${params}`;
  return `  - { model_name: "${group}", litellm_params: { model: "${model}", api_base: "${base}", api_key: sk-upstream${more} }${info === '' ? '' : `, model_info: { ${info} }`} }\n`;
}
