import type { TargetId } from '../../../health/index.ts';
import type { Budget, CountsAnswer, CountsInput, FleetMoney, KnownUse, StoreAnswer } from '../../../ports/index.ts';
import { knownText, moneyFrom, useFrom, wholeCount, wholeStamp } from '../../format/index.ts';
import type { ScriptRunner } from './runner.ts';

export function readMoney(runner: ScriptRunner, targets: readonly TargetId[]): Promise<StoreAnswer<FleetMoney>> {
  return runner.run('read-money', targets, (body, { now }) => moneyFrom(body, targets, now));
}

export function restoreCounts(runner: ScriptRunner, input: CountsInput): Promise<StoreAnswer<CountsAnswer>> {
  const args = [
    String(wholeStamp(input.notAfter)),
    ...budgetArgs(input.budget),
    knownArg(input.fleet),
    ...input.targets.flatMap(({ target, budget, known }) => [target, ...budgetArgs(budget), knownArg(known)]),
  ];
  return runner.run('restore-counts', args, ([fleet, ...targets], { now }) => {
    return { fleet: useFrom(fleet, now), targets: targets.map((text) => useFrom(text, now)) };
  });
}

/** Limits of a budget as arguments of a script: probes per hour, nano dollars per day. */
export function budgetArgs({ probesPerHour, nanoUsdPerDay }: Budget = {}): string[] {
  return [probesPerHour, nanoUsdPerDay].map((limit) => (limit === undefined ? '-' : String(wholeCount(limit))));
}

/** Known use of a budget as argument of a script. */
export function knownArg(use: KnownUse | undefined): string {
  return use === undefined ? '-' : knownText(use);
}
