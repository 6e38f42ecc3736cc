import { Agent, request } from 'node:http';
import { epochMs } from './ask.ts';
import { SECRETS } from './config.ts';
import type { TestPod } from './pod.ts';

/** The end of one request of a load. Times are epoch milliseconds with fractions. */
export interface LoadAnswer {
  /** Index of the pod that was asked. */
  readonly pod: number;
  readonly askedAt: number;
  readonly endedAt: number;
  /** 0 where the connection to the pod failed; then `fault` says how. */
  readonly status: number;
  readonly fault?: string;
  /** Attempts that the pod made; 0 where it does not say. */
  readonly attempts: number;
  /** Id of the deployment that answered. */
  readonly deployment: string;
}

export interface LoadOptions {
  readonly pods: readonly TestPod[];
  readonly group: string;
  readonly perSecond: number;
}

/** Callers that send at a fixed rate, whatever the answers are. */
export interface Load {
  /** All answers so far, in the order of their ends. */
  readonly answers: readonly LoadAnswer[];
  /** Requests without an answer. */
  readonly inFlight: number;
  /** Sends no more, and resolves when every request has ended. */
  stop(): Promise<void>;
}

/** Longer than any limit of a pod: a request that gets no answer in this time is an error. */
const NO_ANSWER_MS = 20_000;
const TICK_MS = 5;

/**
 * Sends chat completions to the pods in turn, over connections that are kept alive. Callers do not retry. The rate is open-loop: a slow
 * answer delays no other request, and a late timer sends what is due.
 */
export function startLoad({ pods, group, perSecond }: LoadOptions): Load {
  const agent = new Agent({ keepAlive: true });
  const answers: LoadAnswer[] = [];
  const body = JSON.stringify({ model: group, messages: [{ role: 'user', content: 'hi' }] });
  const startedAt = performance.now();
  let sent = 0;
  const running = new Set<Promise<void>>();
  const send = (): void => {
    const pod = sent % pods.length;
    sent += 1;
    const { url } = pods[pod] ?? { url: '' };
    const one = chat({ agent, url, body }).then((answer) => {
      answers.push({ pod, ...answer });
      running.delete(one);
    });
    running.add(one);
  };
  const timer = setInterval(() => {
    const due = ((performance.now() - startedAt) * perSecond) / 1_000;
    while (sent < due) send();
  }, TICK_MS);
  return {
    answers,
    get inFlight() {
      return running.size;
    },
    stop: async () => {
      clearInterval(timer);
      await Promise.all(running);
      agent.destroy();
    },
  };
}

interface Chat {
  readonly agent: Agent;
  readonly url: string;
  readonly body: string;
}

/** Sends one request. Never rejects. */
function chat({ agent, url, body }: Chat): Promise<Omit<LoadAnswer, 'pod'>> {
  const askedAt = epochMs();
  return new Promise((resolve) => {
    const failed = ({ message }: Error): void => {
      const fault = `${message}${asked.reusedSocket ? ' on a used connection' : ''}`;
      resolve({ askedAt, endedAt: epochMs(), status: 0, fault, attempts: 0, deployment: '' });
    };
    const headers = { authorization: `Bearer ${SECRETS.masterKey}`, 'content-type': 'application/json' };
    const options = { agent, method: 'POST', headers, timeout: NO_ANSWER_MS } as const;
    const asked = request(`${url}/v1/chat/completions`, options, (response) => {
      response.resume();
      response.on('error', failed);
      response.on('end', () => {
        resolve({
          askedAt,
          endedAt: epochMs(),
          status: response.statusCode ?? 0,
          attempts: Number(response.headers['x-allswell-attempts'] ?? 0),
          deployment: String(response.headers['x-allswell-deployment'] ?? ''),
        });
      });
    });
    asked.on('timeout', () => asked.destroy(new Error('no answer')));
    asked.on('error', failed);
    asked.end(body);
  });
}
