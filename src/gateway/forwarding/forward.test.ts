import { EventEmitter } from 'node:events';
import type { ServerResponse } from 'node:http';
import { expect, it } from 'vitest';
import type { Deployment } from '../../config/index.ts';
import type { AttemptOutcome, RequestPlan, Step } from '../../routing/index.ts';
import { manualClock } from '../../testing/index.ts';
import type { UpstreamPools } from '../../upstream/index.ts';
import { apiAt } from './apis.ts';
import { createCutOff } from './cut-off.ts';
import type { CutOff } from './cut-off.ts';
import { forward } from './forward.ts';
import type { ForwardEnd, Forwarding, ForwardParts } from './forward.ts';
import type { DeploymentCalls, PreparedCall } from './upstream-calls.ts';

const login = { kind: 'google', source: { kind: 'file', path: '/f' }, account: 'a' } as const;

const call: PreparedCall = {
  origin: 'http://127.0.0.1:1',
  path: '/',
  headers: [],
  model: 'm',
  login,
  format: 'openai',
  limitName: 'max_tokens',
};

/** An upstream that answers every request with a status and no body. */
function answering(status: number): UpstreamPools {
  return {
    send: (_request, handler) => {
      queueMicrotask(() => {
        handler.head(status, {});
        handler.end();
      });
      return { abort: () => {}, pause: () => {}, resume: () => {} };
    },
    close: async () => {},
  };
}

interface Ran {
  readonly end: Promise<ForwardEnd>;
  readonly outcomes: readonly AttemptOutcome['kind'][];
  /** Logins, requests at the upstream, and how often it refused the login. */
  readonly counts: { signedIn: number; sent: number; refused: number };
}

/** One attempt at one deployment, then no other. */
function run(
  callFor: DeploymentCalls['callFor'],
  pools: UpstreamPools = answering(200),
  isReplaced = false,
  cutOff: CutOff = createCutOff(),
): Ran {
  const outcomes: AttemptOutcome['kind'][] = [];
  const counts = { signedIn: 0, sent: 0, refused: 0 };
  const deployment = { id: 'd', group: 'g', target: 't', tags: [] };
  const steps: Step[] = [
    { kind: 'attempt', deployment, number: 1, waitMs: 0, timeoutMs: 1_000, why: 'first' },
    { kind: 'give-up', why: 'failed' },
  ];
  const plan: RequestPlan = {
    group: 'g',
    next: () => steps.shift() ?? { kind: 'give-up', why: 'failed' },
    ended: ({ kind }) => void outcomes.push(kind),
  };
  const outgoing = Object.assign(new EventEmitter(), { writeHead: () => {}, end: () => {}, write: () => true });
  const calls = {
    deployment: { dropParams: 'off' } as Deployment,
    apiBase: '',
    modelFrom: 'deployment' as const,
    callFor,
    redact: (text: string) => text,
  };
  const counters = {
    ended: () => {},
    firstByte: () => {},
    failedOver: () => {},
    panicked: () => {},
    unroutable: () => {},
    unplaced: () => {},
    retryRefused: () => {},
    began: () => {},
    abandoned: () => {},
    attempted: () => {},
    tokens: () => {},
  };
  const input = {
    api: apiAt('/v1/chat/completions')!.api,
    request: { model: 'g', stream: false, tags: [], bodyFor: () => Buffer.from('{}') },
    plan,
    outgoing: outgoing as unknown as ServerResponse,
    caller: { role: 'admin', name: 'a' },
    callId: 'c',
    contentType: 'application/json',
    passedHeaders: [],
    trace: { attempted: () => {}, gaveUp: () => {} },
    span: undefined,
  } satisfies Forwarding;
  const parts = {
    deployments: new Map([['d', calls]]),
    view: { health: () => undefined, now: () => 0 },
    pools: {
      ...pools,
      send: (request, handler) => {
        counts.sent += 1;
        return pools.send(request, handler);
      },
    },
    logins: {
      signIn: async () => {
        counts.signedIn += 1;
        return {
          kind: 'signed-in',
          headers: {},
          refused: () => {
            counts.refused += 1;
            return isReplaced;
          },
        };
      },
    },
    clock: manualClock(),
    cutOff,
    redact: (text) => text,
    podName: 'pod-1',
    logger: { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} },
    metrics: {
      group: () => counters,
      deployment: () => counters,
      refused: () => {},
    },
    idleMs: 1_000,
    longestStreamMs: 1_000,
    firstByteMs: null,
  } satisfies ForwardParts;
  return { end: forward(input, parts), outcomes, counts };
}

it('an attempt that a bug of this pod ends gives its place back (half-open slot lost by a local error)', async () => {
  const { end, outcomes } = run(() => {
    throw new Error('a bug');
  });
  await expect(end).rejects.toThrow('a bug');
  expect(outcomes).toEqual(['neutral']);
});

it.each([
  [401, true, 2],
  [403, true, 2],
  // There is no other credential.
  [401, false, 1],
])(
  'a request that the upstream refuses with %d, another credential: %s, is sent %d times',
  async (status, other, times) => {
    const { end, counts } = run(() => call, answering(status), other);
    await end;
    expect(counts).toEqual({ signedIn: times, sent: times, refused: 1 });
  },
);

it('a login is kept after any other error', async () => {
  const { end, counts } = run(() => call, answering(500), true);
  await end;
  expect(counts).toEqual({ signedIn: 1, sent: 1, refused: 0 });
});

it('fault: after the drain time a request still asks the login host, and waits for it', async () => {
  const cutOff = createCutOff();
  cutOff.cut();
  const { end, counts } = run(() => call, answering(200), false, cutOff);
  await end;
  expect(counts).toEqual({ signedIn: 0, sent: 0, refused: 0 });
});
