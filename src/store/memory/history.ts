import type { StoreTime, TargetId } from '../../health/index.ts';
import type { TargetHistory } from '../../ports/index.ts';
import { boundedText, historyFrom, LONGEST_HISTORY } from '../format/index.ts';
import type { FleetState } from './state.ts';

export function readHistory(state: FleetState, now: StoreTime, targets: readonly TargetId[]): readonly TargetHistory[] {
  return targets.map((target) => ({
    target,
    points: historyFrom(boundedText(state.history.get(target) ?? '', LONGEST_HISTORY), now),
  }));
}
