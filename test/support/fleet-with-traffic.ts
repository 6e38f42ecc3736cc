import { fleetTarget, testUpstream, testWorld } from './fleet-parts.ts';
import type { State } from '../../src/health/index.ts';
import type { Prober, TrafficReport } from '../../src/ports/index.ts';
import { createFleet } from '../../src/fleet/fleet.ts';
import type { PaidTarget } from '../../src/fleet/options.ts';

const target = fleetTarget();
const { id } = target;

interface Changes {
  readonly paid?: PaidTarget;
  readonly costUsd?: number;
  readonly intervalMs?: number;
  readonly background?: boolean;
}

type World = ReturnType<typeof testWorld>;

/** A running pod, and reports of requests to it. */
export interface FleetWithTraffic extends World {
  readonly upstream: ReturnType<typeof testUpstream>;
  readonly fleet: ReturnType<typeof createFleet>;
  readonly report: (changes: Partial<TrafficReport>) => void;
  readonly failed: (changes?: Partial<TrafficReport>) => void;
  readonly state: () => State | undefined;
}

/** One pod with a verdict and reports of requests, and an interval of 10 s. */
export async function fleetWithTraffic({ costUsd, ...changed }: Changes = {}): Promise<FleetWithTraffic> {
  const world = testWorld();
  const upstream = testUpstream(world.clock);
  const prober: Prober = {
    probe: async (...input) => ({ ...(await upstream.probe(...input)), ...(costUsd !== undefined && { costUsd }) }),
  };
  const fleet = createFleet(world.options({ prober, targets: [{ ...target, ...changed }] }));
  fleet.start();
  await world.pass(3_000);
  const report = (changes: Partial<TrafficReport>): void => {
    const fixed = { target: id, ok: true, latencyMs: 100, verdict: 'success', witness: 'litellm' } as const;
    fleet.report({ ...fixed, at: world.storeNow() - 100_000, ...changes });
  };
  const failed = (changes: Partial<TrafficReport> = {}): void => {
    report({
      ok: false,
      verdict: 'suspect',
      failure: { class: 'server', status: 500, message: 'HTTP 500' },
      ...changes,
    });
  };
  return { ...world, upstream, fleet, report, failed, state: () => fleet.target(id)?.state };
}
