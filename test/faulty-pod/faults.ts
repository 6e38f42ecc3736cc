import { until } from '../../src/testing/index.ts';
import type { Behaviour } from '../../src/testing/index.ts';
import type { TestPod } from '../fleet/harness/index.ts';
import { FAILING, MODEL_NAMES } from './stage.ts';
import type { Stage } from './stage.ts';

/** A fault of one pod. */
export interface PodFault {
  /** As the page shows it. */
  readonly what: string;
  /** Before the pod starts. */
  readonly prepare?: (stage: Stage) => void;
  /** While it runs, and has the bridge's lease. */
  readonly begin: (stage: Stage, pod: TestPod) => Promise<void> | void;
  /** Time for which the other pods are watched while it has the lease, ms. */
  readonly forMs: number;
  /** States, other than the true one, that a model may have in other pods; the page explains them. Absent: none. */
  readonly mayBecome?: (model: string, state: string) => boolean;
  /** The model that fails may be without its cooldown for as long as the fault lasts. */
  readonly failsOpen: boolean;
  readonly needsClock: boolean;
}

/** Faults that one fleet has one after the other. */
export interface Series {
  readonly name: string;
  readonly intervalSeconds: number;
  readonly faults: readonly PodFault[];
}

/** Longer than the bounded wait for a second witness, which is 15 s at least. */
const BEYOND_THE_WAIT_MS = 17_000;
const SHORT_MS = 6_000;
const HTML = '<!doctype html><title>404 Not Found</title><h1>Not Found</h1>';
const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** Every fault of the experiment. */
export const series: readonly Series[] = [
  {
    name: 'one pod without a network, or with failing probes',
    intervalSeconds: 2,
    faults: [
      fault('its connections to all upstreams are refused', {
        forMs: BEYOND_THE_WAIT_MS,
        begin: async ({ itsUpstream }) => await itsUpstream.setFault('all', 'refuse'),
      }),
      fault('its packets to all upstreams are lost', {
        begin: async ({ itsUpstream }) => await itsUpstream.setFault('all', 'hang'),
      }),
      fault('its connections to one of three upstreams are reset', {
        begin: async ({ itsUpstream }) => await itsUpstream.setFault(itsUpstream.ports[0] ?? 0, 'drop'),
      }),
      fault('all its probes fail with 500, its self-check passes', {
        forMs: BEYOND_THE_WAIT_MS,
        begin: probed({ kind: 'status', status: 500 }),
      }),
      fault('all its probes fail with 401, its self-check passes', {
        begin: probed({ kind: 'status', status: 401 }),
      }),
      fault('a proxy answers all its requests with 429 and Retry-After: 600', {
        begin: proxied({ kind: 'status', status: 429, headers: { 'retry-after': '600' } }),
        // `degraded` needs no second witness: it counts as healthy. The failing model has no second witness then.
        failsOpen: true,
        mayBecome: (model, state) => state === 'degraded' || (model === FAILING && state === 'suspect'),
      }),
    ],
  },
  {
    name: 'one pod behind a broken proxy',
    intervalSeconds: 2,
    faults: [
      fault('a proxy answers all its requests with 401', {
        forMs: BEYOND_THE_WAIT_MS,
        begin: proxied({ kind: 'status', status: 401 }),
      }),
      fault('a proxy answers all its requests with 500', { begin: proxied({ kind: 'status', status: 500 }) }),
      fault('a proxy answers all its requests with 404 and a page of HTML', {
        begin: proxied({ kind: 'status', status: 404, body: HTML, headers: { 'content-type': 'text/html' } }),
      }),
      fault('all its probes pass, also those of the model that fails', {
        // Its turn to probe the model that fails comes at random.
        forMs: 2 * BEYOND_THE_WAIT_MS,
        begin: probed({ kind: 'ok' }),
        // The newest evidence decides, so each such result ends the outage in all pods until the next probe.
        failsOpen: true,
        mayBecome: (model, state) => model === FAILING && (state === 'up' || state === 'suspect'),
      }),
    ],
  },
  {
    name: 'one pod without Redis, or with a wrong clock',
    // Three failures of one pod then take longer than the other one stays a member: see the page.
    intervalSeconds: 4,
    faults: [
      fault('its packets to all upstreams and to Redis are lost', {
        forMs: BEYOND_THE_WAIT_MS,
        // A probe that it had begun seems to run until its lease ends: `slow`.
        mayBecome: (_, state) => state === 'degraded',
        begin: async ({ itsUpstream, itsRedis }) => {
          await Promise.all([itsUpstream.setFault('all', 'hang'), itsRedis.cut('silence')]);
        },
      }),
      clockSet('its clock is set a minute ahead while it runs', MINUTE_MS),
      clockSet('its clock is set a minute back while it runs', -MINUTE_MS),
      clockWrong('it starts with a clock that is a day ahead', DAY_MS),
      clockWrong('it starts with a clock that is a day behind', -DAY_MS),
    ],
  },
];

function fault(what: string, rest: Pick<PodFault, 'begin'> & Partial<PodFault>): PodFault {
  return { what, forMs: SHORT_MS, failsOpen: false, needsClock: false, ...rest };
}

/** Each request of the pod is answered in place of the upstreams, those of its self-check, too. */
function proxied(behaviour: Behaviour): PodFault['begin'] {
  return ({ itsUpstream }) => {
    for (const model of [...MODEL_NAMES, '@listing']) itsUpstream.set(model, behaviour);
  };
}

/** Only its probes are: connections and lists of models, which its self-check uses, are as usual. */
function probed(behaviour: Behaviour): PodFault['begin'] {
  return ({ itsUpstream }) => {
    for (const model of MODEL_NAMES) itsUpstream.set(model, behaviour);
  };
}

function clockSet(what: string, aheadMs: number): PodFault {
  return fault(what, {
    needsClock: true,
    begin: async (stage, pod) => {
      stage.itsClock?.setAhead(aheadMs);
      await expectClock(pod, aheadMs);
    },
  });
}

function clockWrong(what: string, aheadMs: number): PodFault {
  return fault(what, {
    needsClock: true,
    prepare: ({ itsClock }) => itsClock?.setAhead(aheadMs),
    begin: async (_, pod) => await expectClock(pod, aheadMs),
  });
}

/** Waits until its answers have the date of that clock: a server makes this header anew about once a second. */
async function expectClock(pod: TestPod, aheadMs: number): Promise<void> {
  const isSet = async (): Promise<boolean> => {
    const { headers } = await fetch(`${pod.url}/health/liveliness`);
    return Math.abs(Date.parse(headers.get('date') ?? '') - Date.now() - aheadMs) < 5_000;
  };
  await until(isSet, { withinMs: 10_000, what: `its clock to be ${aheadMs} ms ahead`, everyMs: 50 });
}
