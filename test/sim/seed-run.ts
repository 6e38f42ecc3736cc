import { createHash } from 'node:crypto';
import { drawPlan } from './lasting/draw.ts';
import { lastingWorld } from './lasting/lasting-world.ts';
import { playLasting } from './lasting/play.ts';
import { play } from './scenario.ts';
import { World } from './world.ts';
import type { PlantedBug } from './world.ts';

/** The world to run. */
export interface SeedInput {
  readonly seed: number;
  readonly pods: number;
  readonly targets: number;
  readonly operators?: 'none';
  /** Faults last to the end, instead of being temporary. */
  readonly faults?: 'lasting';
}

/** The result of a run; plain data, so that threads can exchange it. */
export interface SeedResult {
  readonly seed: number;
  /** The broken invariant; null if there is none. */
  readonly violation: string | null;
  /** Virtual time it took, ms, and events in it. */
  readonly virtualMs: number;
  readonly events: number;
  readonly occurred: ReadonlyMap<string, number>;
  readonly checked: ReadonlyMap<string, number>;
}

/** Runs the world of one seed. */
export async function playSeed(
  input: SeedInput,
  extra: { readonly planted?: PlantedBug; readonly log?: (line: string) => void } = {},
): Promise<SeedResult> {
  const { world, run } = worldOf(input, extra);
  let violation: string | null = null;
  try {
    await run();
  } catch (error) {
    violation = error instanceof Error ? error.message : String(error);
  }
  const { time, occurred, checked } = world;
  return { seed: input.seed, violation, virtualMs: time.now, events: time.events, occurred, checked };
}

function worldOf(
  input: SeedInput,
  extra: { readonly planted?: PlantedBug; readonly log?: (line: string) => void },
): { readonly world: World; readonly run: () => Promise<void> } {
  if (input.faults === 'lasting') {
    const lasting = lastingWorld(drawPlan(input.seed, input), { seed: input.seed, ...extra });
    return { world: lasting.world, run: async () => await playLasting(lasting) };
  }
  const world = new World({ ...input, ...extra });
  return { world, run: async () => await play(world, input.pods) };
}

/** Runs the world of one seed; returns a hash of all log lines of all pods. */
export async function hashSeed(input: SeedInput): Promise<string> {
  const hash = createHash('sha256');
  await playSeed(input, { log: (line) => void hash.update(`${line}\n`) });
  return hash.digest('hex');
}
