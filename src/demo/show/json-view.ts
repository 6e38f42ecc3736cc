import type { DemoEvent } from '../demo-event.ts';
import type { Snapshot } from '../observe/snapshot.ts';
import type { Output, View } from './view.ts';

const EVERY_MS = 1_000;

/** A line of JSON per second and one at the end, for scripts. */
export function jsonView(output: Output): View {
  let nextMs = 0;
  let isOpen = true;
  const events: DemoEvent[] = [];
  const write = (kind: 'status' | 'summary', shot: Snapshot): void => {
    output.write(`${JSON.stringify({ kind, ...jsonOf(shot), events: events.splice(0).map(eventOf) })}\n`);
  };
  return {
    show(shot, news) {
      events.push(...news);
      if (shot.elapsedMs < nextMs) return;
      nextMs = (Math.floor(shot.elapsedMs / EVERY_MS) + 1) * EVERY_MS;
      write('status', shot);
    },
    close(last) {
      if (isOpen && last !== undefined) write('summary', last);
      isOpen = false;
    },
  };
}

function jsonOf(shot: Snapshot): object {
  const { atMs, elapsedMs, intervalMs, pids, redis, probing, probes, requests, pods, targets } = shot;
  return {
    at: new Date(atMs).toISOString(),
    elapsed_seconds: elapsedMs / 1000,
    interval_seconds: intervalMs / 1000,
    pids,
    store: redis === 'none' ? 'memory' : 'redis',
    redis: redis === 'none' ? null : redis,
    probing,
    probes: {
      counted: probes.counted,
      independent: probes.independent,
      per_target_and_interval: probes.rate,
    },
    requests: {
      answered: requests.answered,
      failed_over: requests.failedOver,
      failed: requests.failed,
      lost_with_pod: requests.lostWithPod,
      replaced_probes: requests.replacedProbes,
    },
    ...moneyOf(shot),
    pods: pods.map(({ name, life, self, network, probes: sent, failingOnlyHere }) => ({
      pod: name,
      life,
      mode: self?.mode ?? null,
      impaired: self?.impaired ?? null,
      network,
      probes: sent,
      alone_with: failingOnlyHere,
    })),
    targets: targets.map(
      ({ name, serves, state, isStale, hold, why, ageMs, probes: made, by, latencyMs, fault, metFault }) => ({
        target: name,
        serves,
        state,
        stale: isStale,
        hold,
        why,
        age_seconds: ageMs === null ? null : ageMs / 1000,
        probes: made,
        checked_by: by,
        latency_ms: latencyMs,
        trouble: fault,
        met_trouble: metFault,
      }),
    ),
  };
}

function moneyOf({ money, fleetSpend }: Snapshot): object {
  const saved = fleetSpend?.savedUsd ?? null;
  return {
    list_prices: {
      spent_usd: money.spentUsd,
      saved_usd: money.savedUsd,
      per_month_usd: money.monthlyUsd,
      targets_without_price: money.unpriced,
    },
    fleet_count: fleetSpend && {
      spent_usd: fleetSpend.spentUsd,
      saved_usd: saved && { by_sharing: saved.bySharing, by_alias: saved.byAlias, by_cache: saved.byCache },
    },
  };
}

function eventOf({ atMs, kind, text }: DemoEvent): object {
  return { at: new Date(atMs).toISOString(), kind, text };
}
