import { createHash } from 'node:crypto';
import type { Facts, Witness, TargetRecord } from '../../src/health/index.ts';
import { parseRecord } from '../../src/health/index.ts';
import { INTERVAL_MS, PERIOD_US, START_US, STEP_US } from './model-state.ts';
import type { ModelState, PodState } from './model-state.ts';

/** Ages above this number of steps are equal: beyond every time limit of the protocol at the model's settings. */
const OLD_STEPS = 7;

/**
 * One text for all states with equal behaviour: times relative to now, in steps, with their order within a step; lengths
 * of runs only as far as a rule uses them; nothing that is only displayed.
 */
export function keyOf(state: ModelState, turns: 'any-turn' | 'same-turn'): string {
  return createHash('md5').update(plainKeyOf(state, turns)).digest('base64url');
}

function plainKeyOf(state: ModelState, turns: 'any-turn' | 'same-turn'): string {
  const text = JSON.stringify([
    state.truth,
    storeKey(state),
    state.pods.map((pod) => podKey(pod, state)),
    [state.notes.deepAt, state.notes.excused, state.notes.missedSteps],
    turns === 'same-turn' ? Math.floor(((state.now - START_US) % PERIOD_US) / STEP_US) : gridPoint(state),
  ]);
  return relative(text, state.now);
}

function gridPoint({ now }: ModelState): number {
  return Math.floor(now / STEP_US) % 2;
}

function relative(text: string, now: number): string {
  const step = Math.floor(now / STEP_US);
  const times = [...new Set(text.match(/\d{16}/g))].map(Number).toSorted((a, b) => a - b);
  const names = new Map<string, string>();
  let order = 0;
  let before = Number.NaN;
  for (const time of times) {
    const age = Math.min(step - Math.floor(time / STEP_US), OLD_STEPS);
    order = age === before ? order + 1 : 0;
    before = age;
    names.set(String(time), age === OLD_STEPS ? 'old' : `${age}.${order}`);
  }
  return text.replaceAll(/\d{16}/g, (time) => names.get(time) ?? time);
}

function storeKey({ store, now }: ModelState): unknown {
  const parsed = store.record === '' ? undefined : parseRecord(store.record);
  return [parsed?.kind === 'record' ? recordKey(parsed.record) : null, leaseKey(store.lease, now)];
}

/** Of an expired lease only the guard's current window matters. */
function leaseKey(text: string, now: number): unknown {
  const [grant = '', pod = '', until = '0', windowStart = '0', count = '0'] = text.split(' ');
  const window = now < Number(windowStart) + INTERVAL_MS * 1000 ? [windowStart, count] : [];
  return Number(until) > now ? [grant, pod, until, ...window] : window;
}

function podKey(pod: PodState, { store: { epoch }, now }: ModelState): unknown {
  const { record, data, lease, held, job, own, failure, openCheck, blind, restUntil, lone, pausedAt, behind, path } =
    pod;
  return [
    path,
    record === undefined ? null : recordKey(record),
    [data, pod.epoch === epoch, pod.lostRecord === undefined ? null : recordKey(pod.lostRecord)],
    lease === undefined || lease.until <= now ? null : [lease.pod, lease.grant, lease.until],
    held ?? null,
    job ?? null,
    own === undefined ? null : [own.at, own.ok],
    failure?.at ?? null,
    openCheck === undefined ? null : [openCheck.mine.at, openCheck.since, openCheck.nextCheckAt],
    blind === undefined ? null : [Math.min(blind.probes, 2), blind.at],
    restUntil > now ? restUntil : 0,
    lone ?? null,
    pausedAt ?? null,
    behind,
  ];
}

const recordKeys = new WeakMap<TargetRecord, unknown>();

function recordKey(record: TargetRecord): unknown {
  let key = recordKeys.get(record);
  if (key === undefined) {
    const { version, grant, nextDueAt, facts, ...stamps } = record;
    key = [version, grant, nextDueAt, stamps, factsKey(facts)];
    recordKeys.set(record, key);
  }
  return key;
}

function factsKey({ run, failureRun, lastSuccess, last }: Facts): unknown {
  const failing =
    failureRun === undefined
      ? null
      : run.kind !== 'failed'
        ? [failureRun.level, failureRun.since, failureRun.at, failureRun.witnesses.map(({ pod }) => pod)]
        : [
            failureRun.class,
            failureRun.level,
            failureRun.at,
            (failureRun as { aloneSince?: number }).aloneSince ?? null,
            Math.min(failureRun.length, 4),
            failureRun.witnesses.map((witness) => [witness.pod, failuresSince(failureRun.length, witness)]),
            failureRun.after > 0,
          ];
  return [run.kind, Math.min(run.length, 2), failing, lastSuccess, [last.at, last.pod, last.ok, last.level]];
}

/** How many failures ago the witness saw one, up to 3: older ones count no more. */
function failuresSince(length: number, { position }: Witness): number {
  return Math.min(length - position, 3);
}
