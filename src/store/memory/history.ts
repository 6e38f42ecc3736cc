import type { TargetId } from '../../health/index.ts';
import type { TargetHistory } from '../../ports/index.ts';
import { historyFrom } from '../format/index.ts';
import type { FleetState } from './state.ts';

export function readHistory(state: FleetState, targets: readonly TargetId[]): readonly TargetHistory[] {
  return targets.map((target) => ({ target, points: historyFrom(state.history.get(target) ?? '') }));
}
