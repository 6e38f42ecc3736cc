import type { TargetId } from '../../health/index.ts';
import type { FleetMoney, StoreAnswer } from '../../ports/index.ts';
import { moneyFrom } from '../format/index.ts';
import type { Runner } from './runner.ts';

export function readMoney(runner: Runner, targets: readonly TargetId[]): Promise<StoreAnswer<FleetMoney>> {
  return runner.run('read-money', targets, (body, { now }) => moneyFrom(body, targets, now));
}
