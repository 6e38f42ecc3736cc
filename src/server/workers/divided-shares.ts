import type { Clock, LimitedDeployment, LimitShare, LimitShares, LimitUse } from '../../ports/index.ts';
import { divide } from './divide-limit.ts';
import type { Holder } from './divide-limit.ts';
import type { NumberedShares } from './messages.ts';

/** A pod's shares of the limits, divided among its workers. */
export interface DividedShares extends LimitShares {
  /** Shares of a worker that starts, by its number from 1. */
  startOf(worker: number): NumberedShares;
  /** The worker said what it used, and which message of shares it has applied. */
  said(worker: number, uses: readonly (readonly [string, LimitUse])[], applied: number): void;
  /** The worker ended. What it used counts on for a minute. */
  ended(worker: number): void;
  /** Divides again: shares of the pod may have changed, and use has expired. */
  refresh(): void;
  /** Calls back from now on when the shares of a worker have changed. */
  onChange(changed: (worker: number, update: NumberedShares) => void): void;
}

export interface DividedSharesParts {
  readonly workers: number;
  /** The pod's shares. */
  readonly pod: LimitShares;
  readonly clock: Clock;
}

type Kind = keyof LimitShare;
const KINDS = ['rpm', 'tpm', 'maxParallel'] as const satisfies readonly Kind[];
const usedOf: Readonly<Record<Kind, (use: LimitUse) => number>> = {
  rpm: ({ requests }) => requests,
  tpm: ({ tokens }) => Math.max(0, tokens),
  maxParallel: ({ inFlight }) => inFlight,
};

/** Use of a minute has expired after this time without another word of it. */
const EXPIRY_MS = 61_000;
const NO_USE: LimitUse = { requests: 0, tokens: 0, inFlight: 0, refused: 0, refusedTokens: 0 };

interface Worker {
  /** Of the last message of shares. */
  number: number;
}

interface Divided {
  readonly holders: Readonly<Record<Kind, readonly (Holder & { confirmedBy: number })[]>>;
  readonly uses: { use: LimitUse; atMs: number }[];
  /** Use of workers that ended. */
  ghosts: { readonly use: LimitUse; readonly untilMs: number }[];
}

/**
 * Divides the pod's shares equally at first. A worker that refuses a request for want of a share gets a part of what others do not
 * use, once they have given it up. Whatever the order of messages, workers together never use more than the pod's share.
 */
export function createDividedShares({ workers, pod, clock }: DividedSharesParts): DividedShares {
  let changed: (worker: number, update: NumberedShares) => void = () => {};
  const divided = new Map<string, Divided>();
  const known: Worker[] = Array.from({ length: workers }, () => ({ number: 0 }));

  const redivide = (deployments: Iterable<string>): void => {
    const updates = known.map(() => [] as (readonly [string, LimitShare])[]);
    for (const id of deployments) {
      const one = divided.get(id);
      if (one === undefined) continue;
      expire(one, clock.monotonicMs());
      const moved = KINDS.flatMap((kind) => move(one, kind, pod.shareOf(id)[kind], known));
      for (const at of new Set(moved)) updates[at]?.push([id, shareAt(one, at, pod.shareOf(id))]);
    }
    updates.forEach((shares, at) => {
      const worker = known[at];
      if (worker === undefined || shares.length === 0) return;
      worker.number += 1;
      changed(at + 1, { number: worker.number, shares });
    });
  };
  const tellPod = (id: string, one: Divided): void => pod.used(id, useOfAll(one, clock.monotonicMs()));
  return {
    configure: (deployments) => {
      pod.configure(deployments, (id, nowMs) => {
        const one = divided.get(id);
        return one === undefined ? undefined : useOfAll(one, nowMs);
      });
      const limited = new Set(deployments.filter(isLimited).map(({ id }) => id));
      for (const id of divided.keys()) if (!limited.has(id)) divided.delete(id);
      for (const id of limited) if (!divided.has(id)) divided.set(id, newDivided(workers));
      redivide(limited);
    },
    shareOf: (deployment) => pod.shareOf(deployment),
    used: () => {},
    startOf: (worker) => {
      const at = worker - 1;
      redivide(divided.keys());
      const number = known[at]?.number ?? 0;
      return { number, shares: [...divided].map(([id, one]) => [id, shareAt(one, at, pod.shareOf(id))]) };
    },
    said: (worker, uses, applied) => {
      const at = worker - 1;
      for (const [id, use] of uses) {
        const one = divided.get(id);
        if (one === undefined) continue;
        hear(one, at, { use, atMs: clock.monotonicMs() });
        tellPod(id, one);
      }
      let isConfirmed = false;
      for (const one of divided.values()) isConfirmed = confirm(one, at, applied) || isConfirmed;
      redivide(isConfirmed ? divided.keys() : uses.map(([id]) => id));
    },
    ended: (worker) => {
      for (const [id, one] of divided) {
        bury(one, worker - 1, clock.monotonicMs() + EXPIRY_MS);
        tellPod(id, one);
      }
    },
    refresh: () => redivide(divided.keys()),
    onChange: (run) => void (changed = run),
  };
}

function isLimited(deployment: LimitedDeployment): boolean {
  return Object.keys(deployment).length > 1;
}

function newDivided(workers: number): Divided {
  const holders = (): (Holder & { confirmedBy: number })[] =>
    Array.from({ length: workers }, () => ({ granted: 0, unconfirmed: 0, used: 0, isHungry: false, confirmedBy: 0 }));
  return {
    holders: { rpm: holders(), tpm: holders(), maxParallel: holders() },
    uses: Array.from({ length: workers }, () => ({ use: NO_USE, atMs: -Infinity })),
    ghosts: [],
  };
}

function shareAt({ holders }: Divided, at: number, pod: LimitShare): LimitShare {
  const part = (kind: Kind): number | null => (pod[kind] === null ? null : (holders[kind][at]?.granted ?? 0));
  return { rpm: part('rpm'), tpm: part('tpm'), maxParallel: part('maxParallel') };
}

/** Sets the next parts; returns the workers whose part changed. */
function move({ holders, ghosts }: Divided, kind: Kind, limit: number | null, known: readonly Worker[]): number[] {
  if (limit === null) return [];
  const spent = kind === 'maxParallel' ? 0 : ghosts.reduce((total, { use }) => total + usedOf[kind](use), 0);
  const parts = divide(limit, holders[kind], spent);
  return holders[kind].flatMap((holder, at) => {
    const part = parts[at] ?? 0;
    if (part === holder.granted) return [];
    if (part < holder.granted) {
      holder.unconfirmed = Math.max(holder.unconfirmed, holder.granted);
      holder.confirmedBy = (known[at]?.number ?? 0) + 1;
    } else holder.isHungry = false;
    holder.granted = part;
    return [at];
  });
}

function hear({ holders, uses }: Divided, at: number, { use, atMs }: { use: LimitUse; atMs: number }): void {
  const isHungry = use.refused > (uses[at]?.use.refused ?? 0);
  uses[at] = { use, atMs };
  for (const kind of KINDS) {
    const holder = holders[kind][at];
    if (holder === undefined) continue;
    holder.used = usedOf[kind](use);
    // It does not say which of its limits it was.
    holder.isHungry = isHungry;
  }
}

/** True if a part that shrank is free now. */
function confirm({ holders }: Divided, at: number, applied: number): boolean {
  let isConfirmed = false;
  for (const kind of KINDS) {
    const holder = holders[kind][at];
    if (holder === undefined || holder.unconfirmed === 0 || holder.confirmedBy > applied) continue;
    holder.unconfirmed = 0;
    isConfirmed = true;
  }
  return isConfirmed;
}

/** A new process of this number starts with what the old one did not use. */
function bury({ holders, uses, ghosts }: Divided, at: number, untilMs: number): void {
  const { use } = uses[at] ?? { use: NO_USE };
  // Its requests in flight ended with it, and may have used everything it was granted since its last word.
  const { rpm, tpm } = holders;
  const requests = Math.max(use.requests, rpm[at]?.granted ?? 0, rpm[at]?.unconfirmed ?? 0);
  const tokens = Math.max(use.tokens, tpm[at]?.granted ?? 0, tpm[at]?.unconfirmed ?? 0);
  ghosts.push({ use: { ...NO_USE, requests, tokens }, untilMs });
  uses[at] = { use: NO_USE, atMs: -Infinity };
  for (const kind of KINDS) {
    const holder = holders[kind][at];
    if (holder !== undefined) Object.assign(holder, { granted: 0, unconfirmed: 0, used: 0, isHungry: false });
  }
}

function expire(one: Divided, nowMs: number): void {
  const { holders, uses } = one;
  uses.forEach(({ atMs }, at) => {
    if (nowMs - atMs < EXPIRY_MS) return;
    for (const kind of ['rpm', 'tpm'] as const) {
      const holder = holders[kind][at];
      if (holder !== undefined) holder.used = 0;
    }
  });
  one.ghosts = one.ghosts.filter(({ untilMs }) => untilMs > nowMs);
}

/** Without what has expired. */
function useOfAll({ uses, ghosts }: Divided, nowMs: number): LimitUse {
  const recent = uses.map(({ use, atMs }) => (nowMs - atMs < EXPIRY_MS ? use : { ...use, requests: 0, tokens: 0 }));
  return [...recent, ...ghosts.filter(({ untilMs }) => untilMs > nowMs).map(({ use }) => use)].reduce(sum, NO_USE);
}

function sum(one: LimitUse, other: LimitUse): LimitUse {
  return {
    requests: one.requests + other.requests,
    tokens: one.tokens + other.tokens,
    inFlight: one.inFlight + other.inFlight,
    refused: one.refused + other.refused,
    refusedTokens: one.refusedTokens + other.refusedTokens,
  };
}
