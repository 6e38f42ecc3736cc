import type { StoreTime, TargetId } from '../../health/index.ts';
import { SAMPLE_NAMES, type HoldKey, type StoreSample } from '../../ports/index.ts';
import { holdFrom, isHoldKey, isTargetId } from '../format/index.ts';
import { headerAt, holdTextOf, shownOf, type FleetState } from './state.ts';

/** A sample of names. `lua/sample-fields-5.lua` takes random ones; here each sample continues after the last. */
export function sample(state: FleetState, now: StoreTime): StoreSample {
  const targets = new Set<TargetId>();
  for (const hash of [state.records, state.leases, state.budget, state.history]) {
    const nameIn = hash === state.budget ? ownerIn : targetIn;
    for (const name of sampled(state, hash, nameIn)) targets.add(name);
  }
  const holdKeys = sampled<HoldKey>(state, state.holds, (field) => (isHoldKey(field) ? field : undefined));
  state.sampled += SAMPLE_NAMES;
  return {
    targets: [...targets].map((target) => {
      const entry = state.records.get(target);
      return { target, version: headerAt(entry, now)?.version ?? 0, stored: shownOf(entry, now) };
    }),
    holds: holdKeys.map((key) => ({ key, stored: holdFrom(holdTextOf(state, key), now) })),
  };
}

function sampled<Name extends string>(
  state: FleetState,
  hash: Map<string, unknown>,
  nameIn: (field: string) => Name | undefined,
): readonly Name[] {
  const all = Array.from(hash.keys());
  const from = all.length > SAMPLE_NAMES ? state.sampled % all.length : 0;
  const fields = [...all, ...all].slice(from, from + Math.min(SAMPLE_NAMES, all.length));
  return fields.flatMap((field) => {
    const name = nameIn(field);
    // Unknown reserved names may be a newer version's.
    if (name === undefined && !field.startsWith('!')) hash.delete(field);
    return name ?? [];
  });
}

function targetIn(field: string): TargetId | undefined {
  return isTargetId(field) ? field : undefined;
}

function ownerIn(field: string): TargetId | undefined {
  return targetIn(field.replace(/:(held|\d\d?)$/, ''));
}
