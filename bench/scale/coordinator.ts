import { setTimeout as pause } from 'node:timers/promises';
import { createFleet } from '../../src/fleet/index.ts';
import type { Fleet } from '../../src/fleet/index.ts';
import { defaultPolicy } from '../../src/health/index.ts';
import { openRedisStore } from '../../src/store/redis/index.ts';
import { realClock } from '../../src/testing/index.ts';
import { noMetrics, plainSettings } from '../../test/support/fleet-parts.ts';
import { answer } from './child.ts';
import { FLEET, POLICY_HASH, TARGETS_HASH, targetsOf } from './fleet-of-many.ts';
import { watchLoop } from './loop-blocks.ts';

// A process with a coordinator as it ships; only its upstreams are none: each answers well after 20 ms.

const PROBE_MS = 20;
const clock = realClock();
const quiet = { debug() {}, info() {}, warn() {}, error() {} };
const loop = watchLoop();
let fleet: Fleet | undefined;
let probes = 0;
let cpuFrom = process.cpuUsage();
let fromMs = performance.now();

answer({
  start: async ({ port = 0, number = 0, targets = 0, intervalMs = 0, bootWindowMs = 0 }) => {
    const known = targetsOf(targets, intervalMs);
    // Making up 10,000 targets is this benchmark's work, not the coordinator's: the loop is watched from here on.
    await pause(5);
    loop.take();
    const connection = { kind: 'single', host: '127.0.0.1', port } as const;
    fleet = createFleet({
      ...plainSettings,
      fleet: FLEET,
      pod: `pod_${Date.now()}_real${number}`,
      host: `real-${number}:4000`,
      domain: `zone-real-${number}`,
      policy: defaultPolicy,
      policyHash: POLICY_HASH,
      targetsHash: TARGETS_HASH,
      targets: known,
      maxProbes: 64,
      bootWindowMs,
      store: openRedisStore({ fleet: FLEET, connection, clock, logger: quiet }),
      prober: {
        probe: async (_, level) =>
          await new Promise((resolve) => {
            setTimeout(() => {
              probes += 1;
              resolve({ outcome: { kind: 'ok' }, level, latencyMs: PROBE_MS });
            }, PROBE_MS);
          }),
      },
      clock,
      random: {
        next: Math.random,
        id: (length) => Math.random().toString(36).slice(2).padEnd(length, 'x').slice(0, length),
      },
      logger: quiet,
      metrics: noMetrics,
    });
    fleet.start();
    return {};
  },
  /** What was seen since the last call. */
  seen: () => {
    const status = fleet?.status();
    const cpu = process.cpuUsage(cpuFrom);
    const seen = {
      ...loop.take(),
      probes,
      up: fleet?.targets().filter(({ state }) => state === 'up').length ?? 0,
      members: status?.members.length ?? 0,
      shared: status?.mode === 'shared' ? 1 : 0,
      cpuPercent: (cpu.user + cpu.system) / 10 / (performance.now() - fromMs),
    };
    // Asking for all targets takes a while by itself.
    loop.take();
    [probes, cpuFrom, fromMs] = [0, process.cpuUsage(), performance.now()];
    setTimeout(() => void loop.take(), 5);
    return Promise.resolve(seen);
  },
  stop: async () => {
    await fleet?.stop();
    return {};
  },
});
