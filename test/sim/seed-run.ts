import { createHash } from 'node:crypto';
import { play } from './scenario.ts';
import { World } from './world.ts';
import type { PlantedBug } from './world.ts';

/** What to play. */
export interface SeedInput {
  readonly seed: number;
  readonly pods: number;
  readonly targets: number;
  readonly operators?: 'none';
}

/** What became of it; plain data, so that it can cross threads. */
export interface SeedResult {
  readonly seed: number;
  /** What must never be, and was; null if all went well. */
  readonly violation: string | null;
  /** Virtual time it took, ms, and events in it. */
  readonly virtualMs: number;
  readonly events: number;
  readonly occurred: ReadonlyMap<string, number>;
  readonly checked: ReadonlyMap<string, number>;
}

/** Plays the world of one seed. */
export async function playSeed(
  input: SeedInput,
  extra: { readonly planted?: PlantedBug; readonly log?: (line: string) => void } = {},
): Promise<SeedResult> {
  const world = new World({ ...input, ...extra });
  let violation: string | null = null;
  try {
    await play(world, input.pods);
  } catch (error) {
    violation = error instanceof Error ? error.message : String(error);
  }
  const { time, occurred, checked } = world;
  return { seed: input.seed, violation, virtualMs: time.now, events: time.events, occurred, checked };
}

/** The same, with a fingerprint of every log line of every pod. */
export async function hashSeed(input: SeedInput): Promise<string> {
  const hash = createHash('sha256');
  await playSeed(input, { log: (line) => void hash.update(`${line}\n`) });
  return hash.digest('hex');
}
