import { request } from 'node:http';
import { epochMs } from './ask.ts';
import { SECRETS } from './config.ts';

/** The end of one request. */
export interface Called {
  /** 0 where the connection failed. */
  readonly status: number;
  readonly text: string;
  /** Id of the deployment that answered. */
  readonly deployment: string;
  readonly attempts: number;
  readonly startedAt: number;
  readonly endedAt: number;
}

export interface CallInput {
  readonly method?: string;
  readonly path?: string;
  readonly body?: unknown;
  /** Gets the text of the answer as it grows. */
  readonly onText?: (text: string) => void;
}

/** Sends one request over a connection of its own, so that any worker may get it. Never rejects. */
export async function call(url: string, { method = 'GET', path = '/', body, onText }: CallInput): Promise<Called> {
  const startedAt = epochMs();
  const headers = { authorization: `Bearer ${SECRETS.masterKey}`, 'content-type': 'application/json' };
  return await new Promise((resolve) => {
    let text = '';
    const lost = (): void => resolve({ status: 0, text, deployment: '', attempts: 0, startedAt, endedAt: epochMs() });
    const asked = request(`${url}${path}`, { agent: false, method, headers }, (response) => {
      response.on('data', (chunk: Buffer) => {
        text += chunk.toString();
        onText?.(text);
      });
      response.on('error', lost);
      response.on('end', () => {
        resolve({
          status: response.statusCode ?? 0,
          text,
          deployment: String(response.headers['x-allswell-deployment'] ?? ''),
          attempts: Number(response.headers['x-allswell-attempts'] ?? 0),
          startedAt,
          endedAt: epochMs(),
        });
      });
    });
    asked.on('error', lost);
    asked.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

/** Sends one chat completion. */
export async function chat(
  url: string,
  model: string,
  input: { stream?: true; onText?: CallInput['onText'] } = {},
): Promise<Called> {
  const { onText, ...more } = input;
  const body = { model, messages: [{ role: 'user', content: 'hi' }], ...more };
  return await call(url, { method: 'POST', path: '/v1/chat/completions', body, ...(onText && { onText }) });
}

/** Sends several at once, each over a connection of its own. */
export async function chats(url: string, model: string, count: number): Promise<readonly Called[]> {
  return await Promise.all(Array.from({ length: count }, async () => await chat(url, model)));
}
