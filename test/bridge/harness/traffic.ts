import { epochMs, SECRETS } from '../../fleet/harness/index.ts';
import type { Span } from '../../fleet/harness/index.ts';
import type { LitellmPod } from './litellm-pod.ts';

/** One kind of request that users send. */
export interface TrafficKind {
  readonly group: string;
  /** `num_retries` of the request; LiteLLM's own setting unless given. */
  readonly retries?: number;
}

/** One request of a user, once it has its answer. */
export interface UserCall extends TrafficKind {
  /** Epoch milliseconds at which it was sent. */
  readonly at: number;
  readonly tookMs: number;
  /** HTTP status; 0 without an answer. */
  readonly status: number;
  /** The start of an answer that is not 200, for the message of a failed test. */
  readonly failure?: string;
}

/** Requests at a steady rate, whether or not earlier ones have their answers. */
export interface Traffic {
  /** Requests sent within a span that have their answers. */
  calls(span?: Span): readonly UserCall[];
  /** Sends no more, and waits for all answers. */
  stop(): Promise<void>;
}

export interface TrafficShape {
  readonly pods: readonly LitellmPod[];
  /** Requests per second of all pods together. */
  readonly perSecond: number;
  /** Sent in turn, each to the next pod. */
  readonly kinds: readonly TrafficKind[];
}

const LIMIT_MS = 120_000;

/** Sends users' requests to all pods until it is stopped. */
export function startTraffic({ pods, perSecond, kinds }: TrafficShape): Traffic {
  const done: UserCall[] = [];
  const running = new Set<Promise<void>>();
  let sent = 0;
  const send = (): void => {
    // Each kind visits each pod.
    const kind = kinds[sent % kinds.length] as TrafficKind;
    const pod = pods[Math.floor(sent / kinds.length) % pods.length] as LitellmPod;
    sent += 1;
    const call = askOnce(pod, kind).then((one) => {
      done.push(one);
      running.delete(call);
    });
    running.add(call);
  };
  const timer = setInterval(send, 1_000 / perSecond);
  return {
    calls: (span) => done.filter(({ at }) => span === undefined || (at >= span.from && at < span.to)),
    stop: async () => {
      clearInterval(timer);
      await Promise.all(running);
    },
  };
}

async function askOnce(pod: LitellmPod, kind: TrafficKind): Promise<UserCall> {
  const at = epochMs();
  const { group, retries } = kind;
  const answer = await answerOf(pod, {
    model: group,
    messages: [{ role: 'user', content: 'A question of a user' }],
    ...(retries !== undefined && { num_retries: retries }),
  });
  return { ...kind, at, tookMs: epochMs() - at, ...answer };
}

async function answerOf(pod: LitellmPod, body: object): Promise<Pick<UserCall, 'status' | 'failure'>> {
  try {
    const response = await fetch(`${pod.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${SECRETS.masterKey}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(LIMIT_MS),
    });
    const text = await response.text();
    return response.ok ? { status: response.status } : { status: response.status, failure: text.slice(0, 300) };
  } catch (error) {
    return { status: 0, failure: String(error) };
  }
}
