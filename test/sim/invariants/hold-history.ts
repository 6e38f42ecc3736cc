import type { PodId } from '../../../src/health/index.ts';
import { PROBING } from '../../../src/ports/index.ts';
import type { ClaimAnswer, ClaimReason, FleetReader, Hold, HoldKey } from '../../../src/ports/index.ts';
import { holdFrom } from '../../../src/store/format/index.ts';
import { Violation } from './violation.ts';
import type { Checked } from './violation.ts';

/** Time limit after which every pod shows a stored or expired hold. */
const SHOWN_WITHIN_MS = 10_000;
/** Time without faults after which every pod has received a hold. */
const REPLICATED_MS = 2_000;

/** A pod to check. */
export interface Held {
  readonly id: PodId;
  readonly startedAtMs: number;
  readonly fleet: FleetReader;
}

interface Decided {
  readonly hold: Hold;
  readonly atMs: number;
  /** Pods that can restore it to a store that lost it; undefined while the store has it. */
  carriers?: Set<PodId>;
}

/** Holds that operators set, recorded independently, and the pods that must show them. */
export interface HoldHistory {
  /** An operator requests a hold at a pod; call the returned function with the stored hold. */
  deciding(key: HoldKey, pod: PodId): (hold: Hold | undefined) => void;
  /** The store answered a claim. */
  answered(pod: PodId, reason: ClaimReason, answer: ClaimAnswer['kind']): void;
  /** A pod begins a paid probe without the store. */
  probedWithoutStore(pod: Held): void;
  /** The store is about to lose data; `calm` is the end and length of the last time without faults. */
  loses(pods: Iterable<Held>, calm: { readonly atMs: number; readonly forMs: number }): void;
  gone(pod: PodId): void;
  pausedInStore(): boolean;
  /** Checks, some time after the last fault, that every pod shows each hold. */
  observe(pods: Iterable<Held>): void;
}

export function holdHistory(parts: {
  readonly nowMs: () => number;
  readonly storeNowUs: () => number;
  readonly texts: () => ReadonlyMap<string, string>;
  readonly checked: Checked;
}): HoldHistory {
  const { nowMs, storeNowUs, texts, checked } = parts;
  const decided = new Map<HoldKey, Decided>();
  const open = new Set<{ readonly key: HoldKey; readonly pod: PodId }>();
  const inStore = (key: HoldKey): Hold | undefined => {
    const stored = holdFrom(texts().get(key) ?? '', storeNowUs());
    return stored.kind === 'hold' ? stored.hold : undefined;
  };

  function check(key: HoldKey, { hold, atMs }: Decided, { id, fleet }: Held): void {
    const inForce = forceOf(hold, storeNowUs());
    if (nowMs() - atMs < SHOWN_WITHIN_MS || inForce === 'unclear') return;
    const shown = key === PROBING ? fleet.status().pause : fleet.target(String(key))?.hold;
    if (shown === undefined) return;
    checked('holds: a pod shows what was decided');
    if (inForce === 'no' ? shown === null : shown?.version === hold.version) return;
    const saw = shown === null ? 'nothing' : `${shown.kind} of ${shown.version}`;
    throw new Violation(`holds: ${id} shows ${saw} on ${key}, stored was ${hold.kind} of ${hold.version}`);
  }

  return {
    deciding(key, pod) {
      const question = { key, pod };
      decided.delete(key);
      open.add(question);
      return (hold) => {
        open.delete(question);
        // The order of two concurrent requests is unknown, and a request without an answer may have been stored.
        const others = [...open].some((other) => other.key === key);
        if (hold !== undefined && !others) decided.set(key, { hold, atMs: nowMs() });
        else decided.delete(key);
      };
    },
    answered(pod, reason, answer) {
      if (answer === 'paused') checked('holds: a paused fleet is granted nothing');
      if (answer !== 'granted' || reason !== 'scheduled') return;
      const pause = inStore(PROBING);
      const paused = pause?.kind === 'pause' && (pause.until === null || pause.until > storeNowUs());
      if (!paused) return;
      throw new Violation(`holds: ${pod} was granted a scheduled probe of a paused fleet`);
    },
    probedWithoutStore({ id, fleet }) {
      if (fleet.status().pause === null) return;
      throw new Violation(`holds: ${id} probes without the store, although it has the pause`);
    },
    loses(pods, calm) {
      const informed = [...pods].filter(({ startedAtMs }) => calm.atMs - startedAtMs > SHOWN_WITHIN_MS);
      for (const [key, one] of decided) {
        const replicated = calm.forMs > SHOWN_WITHIN_MS && calm.atMs - one.atMs > REPLICATED_MS;
        const all = replicated && one.carriers === undefined;
        if (all && informed.length > 0) one.carriers = new Set(informed.map(({ id }) => id));
        else decided.delete(key);
      }
    },
    gone(pod) {
      for (const question of open) if (question.pod === pod) open.delete(question);
      for (const [key, { carriers }] of decided) {
        if (carriers?.delete(pod) === true && carriers.size === 0) decided.delete(key);
      }
    },
    pausedInStore: () => inStore(PROBING)?.kind === 'pause',
    observe(pods) {
      const all = [...pods];
      for (const [key, one] of decided) {
        for (const pod of all) check(key, one, pod);
        if (one.carriers !== undefined && inStore(key)?.version === one.hold.version) delete one.carriers;
      }
    },
  };
}

/** Unclear near the expiry, because clocks differ slightly. */
function forceOf({ kind, until }: Hold, now: number): 'yes' | 'no' | 'unclear' {
  if (kind === 'none') return 'no';
  if (until === null || until > now + SHOWN_WITHIN_MS * 1000) return 'yes';
  return until < now - SHOWN_WITHIN_MS * 1000 ? 'no' : 'unclear';
}
