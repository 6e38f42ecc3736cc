import type { ChangeBody } from '../../api/index.ts';
import { counted, needsOperator, OVERLOADS_UNTIL_DOWN } from '../../health/index.ts';
import type { FailureRun, Overload, Policy, State } from '../../health/index.ts';
import type { Forecast, TargetView } from '../../ports/index.ts';
import { isoOf } from '../times.ts';

interface Rules {
  readonly policy: Policy;
  readonly forecast: Pick<Forecast, 'hasSecondWitness'>;
}

/** Says by the rules of this pod what evidence would change the verdict, in the order in which it is likely. */
export function wouldChange(view: TargetView, rules: Rules): readonly ChangeBody[] {
  const { facts, flags, localOnly, state } = view;
  if (localOnly) {
    return [
      {
        to: 'up',
        needs: 'a successful connection from this pod, which retries with unbilled checks at growing intervals',
      },
    ];
  }
  if (facts === null) return [{ to: 'up', needs: 'a first good probe' }, firstFailure(rules)];
  const { run, failureRun, overload, rejected } = facts;
  if (rejected !== undefined && run.kind === 'none') return [{ to: 'up', needs: 'a probe that the upstream accepts' }];
  if (overload !== undefined && run.kind !== 'failed') {
    // What is down already does not become suspect by another failure.
    return [...overloadOver(overload, state), ...(state === 'down' ? [] : [firstFailure(rules)])];
  }
  if (state === 'degraded' && flags.includes('slow')) {
    return [{ to: 'up', needs: 'a good answer to the running probe' }, firstFailure(rules)];
  }
  switch (state) {
    case 'unknown':
    case 'suspect':
      return failureRun === undefined ? [firstFailure(rules)] : [confirmed(failureRun, rules), ended(failureRun, 1)];
    case 'down':
      return failureRun === undefined
        ? []
        : [ended(failureRun, rules.policy.rise - (run.kind === 'ok' ? run.length : 0))];
    case 'up':
    case 'degraded':
      return failureRun === undefined || run.kind === 'ok' ? [firstFailure(rules)] : [confirmed(failureRun, rules)];
  }
}

function overloadOver({ level, at, quietMs, length }: Overload, state: State): readonly ChangeBody[] {
  const rest = quietMs === undefined ? '' : `, at ${isoOf(at + quietMs * 1000)} or later (Retry-After)`;
  const up: ChangeBody = { to: 'up', needs: `a good probe at level ${level} or deeper${rest}` };
  const left = OVERLOADS_UNTIL_DOWN - length;
  if (state === 'down' || left <= 0) return [up];
  return [up, { to: 'down', needs: `${counted(left, 'more probe')} without a good answer` }];
}

/** What a first failure changes: suspect, or down if no pod can confirm and `fall` is 1. */
function firstFailure({ policy, forecast }: Rules): ChangeBody {
  if (forecast.hasSecondWitness) {
    return { to: 'suspect', needs: 'a failed probe, which a second pod would then confirm' };
  }
  const { fall } = policy;
  return fall === 1
    ? { to: 'down', needs: 'a failed probe: no other pod can confirm it' }
    : { to: 'suspect', needs: `a failed probe; ${fall} in a row make it down, because no other pod can confirm it` };
}

function confirmed({ class: name, length, witnesses }: FailureRun, { policy, forecast }: Rules): ChangeBody {
  if (forecast.hasSecondWitness && witnesses.length < 2) {
    const [witness] = witnesses;
    return { to: 'down', needs: `the same failure in a pod other than ${witness?.pod ?? 'the first'}` };
  }
  const missing = needsOperator(name) ? 1 : Math.max(1, policy.fall - length);
  return { to: 'down', needs: missing === 1 ? 'one more failed probe' : counted(missing, 'more failed probe') };
}

/** What ends a failure: good probes at its level or deeper that started after it. */
function ended({ at, level }: FailureRun, probes: number): ChangeBody {
  const count = probes <= 1 ? 'one good probe' : `${probes} good probes in a row`;
  return { to: 'up', needs: `${count} at level ${level} or deeper, started after ${isoOf(at)}` };
}
