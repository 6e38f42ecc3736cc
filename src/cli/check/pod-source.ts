import { setTimeout as pause } from 'node:timers/promises';
import { askPod, explainForm, fleetForm } from '../ask/index.ts';
import type { ExplainPage, FleetPage, PodAddress } from '../ask/index.ts';
import { holdText } from '../show/hold-text.ts';
import type { CheckSource, Known } from './source.ts';

const PARALLEL = 16;
const LOOK_EVERY_MS = 250;
/** A second pod confirms a failure at once, or at the edge interval; a check waits no longer than this. */
const CONFIRMED_WITHIN_MS = 10_000;

/** Checks through a running pod: it joins probes that run anywhere in the fleet, and the fleet keeps what they find. */
export function podSource(address: PodAddress): CheckSource {
  return {
    parallel: PARALLEL,
    list: async () => {
      const answer = await askPod<FleetPage>(address, '/fleet', { form: fleetForm });
      if (answer.kind !== 'answered') return { kind: 'unreachable', why: answer.why };
      const { targets } = answer.body;
      return {
        kind: 'listed',
        notes: notesOn(answer.body),
        targets: targets.map((one) => ({ ...one, model: one.model ?? one.target })),
      };
    },
    check: async (target, signal) => {
      const path = `/fleet/targets/${encodeURIComponent(target)}`;
      const checked = await askPod<ExplainPage>(address, `${path}/check`, { method: 'POST', form: explainForm });
      if (checked.kind !== 'answered') return { kind: 'unreachable', why: checked.why };
      let page = checked.body;
      const untilMs = performance.now() + CONFIRMED_WITHIN_MS;
      while (isPending(page) && !signal.aborted && performance.now() < untilMs) {
        // oxlint-disable-next-line no-await-in-loop -- looks again
        await pause(LOOK_EVERY_MS, undefined, { signal }).catch(() => {});
        // oxlint-disable-next-line no-await-in-loop -- see above
        const again = await askPod<ExplainPage>(address, path, { form: explainForm });
        if (again.kind === 'answered') page = again.body;
      }
      return { kind: 'known', known: knownOf(page) };
    },
    close: async () => {},
  };
}

/** What makes the answers of a pod less than those of a fleet. */
function notesOn({ mode, store, probing_paused: paused = null }: FleetPage): readonly string[] {
  return [
    ...(mode === 'fallback'
      ? [`this pod does not reach Redis; its answers cover only its own probes: ${store.problem ?? 'no answer'}`]
      : []),
    ...(paused === null ? [] : [`probing is ${holdText(paused)}; these probes run anyway`]),
  ];
}

/** A failure that another pod has yet to see, and that counts. */
function isPending({ state, evidence, hold = null }: ExplainPage): boolean {
  return hold === null && evidence.run?.kind === 'failed' && state !== 'down';
}

function knownOf({ state, local_only: localOnly, why, flags = [], evidence, hold = null }: ExplainPage): Known {
  const { last: probe } = evidence;
  const last =
    probe === null
      ? null
      : { pod: probe.pod, latencyMs: probe.latency_ms, answeredAgoMs: probe.age_seconds * 1_000 - probe.latency_ms };
  return { state, localOnly, why, flags, run: runOf(evidence), last, hold };
}

/** The newest evidence in one word; a rejected probe proves nothing, and leaves what was known. */
function runOf({ run, overload }: ExplainPage['evidence']): Known['run'] {
  if (run?.kind === 'failed') return 'failed';
  if (overload !== null) return 'overloaded';
  return run?.kind === 'ok' ? 'ok' : null;
}
