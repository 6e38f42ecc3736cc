import { createFleet } from '../../src/fleet/index.ts';
import type { Fleet } from '../../src/fleet/index.ts';
import { defaultPolicy } from '../../src/health/index.ts';
import type { FleetStore } from '../../src/ports/index.ts';
import { memoryFleet } from '../../src/store/memory/index.ts';
import { noMetrics, plainSettings } from '../../test/support/fleet-parts.ts';
import { podClock, VirtualTime } from '../../test/sim/virtual-time.ts';
import {
  FLEET,
  FOREVER,
  HEARTBEAT_MS,
  MEMBER_TTL_MS,
  memberInfo,
  POLICY_HASH,
  TARGETS_HASH,
  targetsOf,
} from './fleet-of-many.ts';

const BOOT_WINDOW_MS = 30_000;
const PROBE_MS = 20;
const LATENCY_MS = 0.5;
const quiet = { debug() {}, info() {}, warn() {}, error() {} };

export interface VirtualHour {
  readonly coordinators: number;
  readonly minutes: number;
  /** Per target and interval after the first one: mean, fewest, most. */
  readonly probes: readonly [mean: number, least: number, most: number];
  /** Where every coordinator stands in the end. */
  readonly up: readonly number[];
  readonly members: readonly number[];
  /** Largest piece of work of any one event, ms of the processor. */
  readonly blockMs: number;
  readonly events: number;
  readonly realS: number;
}

export interface HourShape {
  readonly pods: number;
  readonly coordinators: number;
  readonly targets: number;
  readonly intervalMs: number;
  readonly minutes: number;
}

/**
 * Plays the coordinator that ships among members that beat, under virtual time and on the memory store. Once a minute a
 * member leaves and another one comes, and once in ten minutes twenty die without a word.
 */
export async function virtualHour(shape: HourShape, say: (line: string) => void): Promise<VirtualHour> {
  const { coordinators, intervalMs, minutes } = shape;
  const startedMs = performance.now();
  const time = new VirtualTime();
  const memory = memoryFleet({
    clockUs: () => Math.floor((1_800_000_000_000 + time.now) * 1000),
    schedule: (deliver) => void time.schedule(LATENCY_MS, deliver),
  });
  const probes = new Map<string, number>();
  const members = beatingMembers(time, memory.open(), shape.pods - coordinators);
  const targets = targetsOf(shape.targets, intervalMs);
  const counted = (target: string): void => {
    if (time.now > intervalMs) probes.set(target, (probes.get(target) ?? 0) + 1);
  };
  const fleets = Array.from({ length: coordinators }, (_, number) =>
    coordinator({ time, store: memory.open(), number, targets, counted }),
  );
  for (const fleet of fleets) fleet.start();
  let blockMs = 0;
  let lastCpu = cpuMs();
  for (let minute = 1; minute <= minutes; minute += 1) {
    members.replace(1);
    if (minute % 10 === 0) members.replace(20, 'silently');
    // oxlint-disable-next-line no-await-in-loop -- minute after minute
    await time.runUntil(minute * 60_000, () => {
      const now = cpuMs();
      blockMs = Math.max(blockMs, now - lastCpu);
      lastCpu = cpuMs();
    });
    lastCpu = cpuMs();
    if (minute % 10 === 0) {
      say(`${minute} of ${minutes} virtual minutes, ${Math.round((performance.now() - startedMs) / 1000)} s`);
    }
  }
  const intervals = (minutes * 60_000 - intervalMs) / intervalMs;
  const each = targets.map(({ id }) => (probes.get(id) ?? 0) / intervals);
  const mean = each.reduce((sum, one) => sum + one, 0) / each.length;
  return {
    coordinators,
    minutes,
    probes: [mean, Math.min(...each), Math.max(...each)],
    up: fleets.map((fleet) => fleet.targets().filter(({ state }) => state === 'up').length),
    members: fleets.map((fleet) => fleet.status().members.length),
    blockMs,
    events: time.events,
    realS: (performance.now() - startedMs) / 1000,
  };
}

function coordinator({
  time,
  store,
  number,
  targets,
  counted,
}: {
  time: VirtualTime;
  store: FleetStore;
  number: number;
  targets: ReturnType<typeof targetsOf>;
  counted: (target: string) => void;
}): Fleet {
  const clock = podClock(time, 1_000 * number);
  return createFleet({
    ...plainSettings,
    fleet: FLEET,
    pod: `pod_1_real${number}`,
    host: `real-${number}:4000`,
    domain: `zone-real-${number}`,
    policy: defaultPolicy,
    policyHash: POLICY_HASH,
    targetsHash: TARGETS_HASH,
    targets,
    maxProbes: 64,
    bootWindowMs: BOOT_WINDOW_MS,
    store: delayed(store, time),
    prober: {
      probe: async (id, level) =>
        await new Promise((resolve) => {
          counted(id);
          clock.setTimer(PROBE_MS, () => resolve({ outcome: { kind: 'ok' }, level, latencyMs: PROBE_MS }));
        }),
    },
    clock,
    random: { next: () => 0.5, id: (length) => `${number}`.padStart(length, 'x') },
    logger: quiet,
    metrics: noMetrics,
  });
}

/** Every command of a store takes a moment, there and back. */
function delayed(store: FleetStore, time: VirtualTime): FleetStore {
  return new Proxy(store, {
    get: (inner, name) => {
      const method: unknown = Reflect.get(inner, name);
      if (typeof method !== 'function' || name === 'close') return method;
      return async (...args: unknown[]): Promise<unknown> => {
        await new Promise<void>((resolve) => void time.schedule(LATENCY_MS, resolve));
        return await (Reflect.apply(method, inner, args) as Promise<unknown>);
      };
    },
  });
}

interface Members {
  /** So many go, and as many others come. */
  replace(count: number, how?: 'silently'): void;
}

function beatingMembers(time: VirtualTime, store: FleetStore, count: number): Members {
  const alive: { readonly stop: () => void; readonly pod: string }[] = [];
  let made = 0;
  const begin = (afterMs: number): void => {
    made += 1;
    const info = memberInfo(made, 1_800_000_000_000);
    let timer = time.schedule(afterMs, beat);
    function beat(): void {
      timer = time.schedule(HEARTBEAT_MS, beat);
      void store.heartbeat({ info, ttlMs: MEMBER_TTL_MS, notAfter: FOREVER });
    }
    alive.push({ stop: () => timer.cancel(), pod: info.pod });
  };
  for (let i = 0; i < count; i += 1) begin((i * HEARTBEAT_MS) / count);
  return {
    replace: (gone, how) => {
      for (const { stop, pod } of alive.splice(0, gone)) {
        stop();
        if (how === undefined) void store.leave({ pod, notAfter: FOREVER });
        begin(HEARTBEAT_MS / 2);
      }
    },
  };
}

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
