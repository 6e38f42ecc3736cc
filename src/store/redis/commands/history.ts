import type { TargetId } from '../../../health/index.ts';
import type { StoreAnswer, TargetHistory } from '../../../ports/index.ts';
import { historyFrom } from '../../format/index.ts';
import type { ScriptRunner } from './runner.ts';

export function readHistory(
  runner: ScriptRunner,
  targets: readonly TargetId[],
): Promise<StoreAnswer<readonly TargetHistory[]>> {
  return runner.run('read-history', targets, (body, { now }) =>
    targets.map((target, i) => ({ target, ...historyFrom(body[i] ?? '', now) })),
  );
}
