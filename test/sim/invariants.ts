import { isDeepStrictEqual } from 'node:util';
import { gridDue, parseRecord, transition } from '../../src/health/index.ts';
import type { TargetId, TargetRecord } from '../../src/health/index.ts';
import type { ClaimRequest, FleetReader, TargetView } from '../../src/ports/index.ts';
import type { Truth } from './sim-upstream.ts';

/** Something that must never be. */
export class Violation extends Error {}

/** Invariants 1 to 4, 6, 9 and 10 of the protocol, checked while a world runs. */
export interface Invariants {
  /** The store runs a command: `texts` gives the records after it. */
  storeChanged(records: ReadonlyMap<string, string>): void;
  /** The store lost or changed data by itself: what was known of its history no longer binds. */
  historyBroke(): void;
  granted(request: ClaimRequest, grant: number): void;
  probeStarted(pod: string, target: TargetId): void;
  /** A pod shows a target; its clock is in order. */
  shown(pod: string, view: TargetView, sick: boolean): void;
  /** After a calm time every pod shows what the store holds. */
  converged(
    pods: readonly { readonly id: string; readonly fleet: FleetReader }[],
    records: ReadonlyMap<string, string>,
  ): void;
}

export function invariants(parts: {
  readonly nowMs: () => number;
  readonly storeNowMs: () => number;
  readonly truths: ReadonlyMap<TargetId, Truth>;
  /** How far the store's clock was set in all, ms: its own error. */
  readonly clockErrorMs: () => number;
}): Invariants {
  const { nowMs, storeNowMs, truths, clockErrorMs } = parts;
  const known = new Map<TargetId, { text: string; record: TargetRecord }>();
  const grants = new Set<string>();
  let brokeAtMs = Number.NEGATIVE_INFINITY;
  const starts = new Map<string, number>();

  function changed(target: TargetId, text: string): void {
    const parsed = parseRecord(text);
    if (parsed.kind !== 'record') return;
    const before = known.get(target)?.record;
    known.set(target, { text, record: parsed.record });
    if (before === undefined) return;
    // After a loss pods bring back what they still know, as it was: that is no step from what the store holds.
    const broughtBack = nowMs() - brokeAtMs < 60_000;
    checkHeader(target, before, parsed.record);
    if (!broughtBack) checkStep(target, before, parsed.record);
  }

  return {
    storeChanged(records) {
      for (const [target, text] of records) {
        if (!target.startsWith('!') && known.get(target)?.text !== text) changed(target, text);
      }
    },
    historyBroke() {
      known.clear();
      brokeAtMs = nowMs();
    },
    granted({ target, reason, everyMs }, grant) {
      const last = known.get(target)?.record;
      // The same grant again is the same right: its first answer was lost, or a failover brought the lease back.
      const again = grants.has(`${target} ${grant}`);
      grants.add(`${target} ${grant}`);
      if (last === undefined || again || reason !== 'scheduled') return;
      const due = gridDue(last.evidenceAt, target, everyMs);
      const slackUs = clockErrorMs() * 1000;
      if (grant < Math.min(due, last.nextDueAt) - slackUs) {
        throw new Violation(`invariant 1: ${target} granted at ${grant}, due at ${due} only`);
      }
    },
    probeStarted: (pod, target) => void starts.set(`${pod} ${target}`, nowMs()),
    shown(pod, view, sick) {
      const probe = view.facts?.lastProbe;
      const start =
        probe?.at !== view.evidenceAt || probe === undefined ? undefined : starts.get(`${probe.pod} ${view.id}`);
      if (view.ageMs !== null && start !== undefined && view.ageMs < nowMs() - start - clockErrorMs() - 0.01) {
        throw new Violation(`invariant 3: ${pod} shows ${view.id} ${view.ageMs} ms old, it is ${nowMs() - start}`);
      }
      if (truths.get(view.id)?.alwaysWell === true && !sick && view.state !== 'up' && view.state !== 'unknown') {
        throw new Violation(`invariants 6 and 10: ${view.id} never failed, ${pod} says ${view.state}: ${view.why}`);
      }
    },
    converged(pods, records) {
      for (const { id, fleet } of pods) {
        for (const view of fleet.targets()) {
          const parsed = parseRecord(records.get(view.id) ?? '');
          const version = parsed.kind === 'record' ? parsed.record.version : 0;
          // What was written just now is still on its way.
          const settled = version / 1000 < storeNowMs() - 200;
          if (view.version !== version && settled) {
            throw new Violation(`invariant 4: ${id} has version ${view.version} of ${view.id}, the store ${version}`);
          }
        }
      }
    },
  };
}

/** Nothing in a record's header goes back. */
function checkHeader(target: TargetId, before: TargetRecord, after: TargetRecord): void {
  if (after.version <= before.version) {
    throw new Violation(`invariant 2: ${target} went from version ${before.version} to ${after.version}`);
  }
  if (after.grant < before.grant) {
    throw new Violation(`invariant 2: ${target} went from grant ${before.grant} to ${after.grant}`);
  }
  if (after.evidenceAt < before.evidenceAt) throw new Violation(`invariant 2: the evidence of ${target} went back`);
}

/** Every record follows from the one before by its newest probe. */
function checkStep(target: TargetId, before: TargetRecord, after: TargetRecord): void {
  const expected = JSON.parse(JSON.stringify(transition(before.facts, after.facts.lastProbe))) as unknown;
  if (!isDeepStrictEqual(expected, after.facts)) {
    throw new Violation(
      `invariant 2: a write of ${target} was lost: ${JSON.stringify(expected)} was to become ${JSON.stringify(after.facts)}`,
    );
  }
}
