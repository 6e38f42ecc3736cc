import type { AdaptationPage, ExplainPage, ProbePage } from '../ask/index.ts';
import type { Cell } from '../show/table.ts';
import { ageWords } from '../show/times.ts';

type Evidence = ExplainPage['evidence'];
type FailureRun = NonNullable<Evidence['failure_run']>;

/** Each piece of evidence with its age. */
export function evidenceRows({ evidence }: ExplainPage): readonly (readonly Cell[])[] {
  const {
    last: probe,
    last_success: good,
    failure_run: failureRun,
    overload,
    rejected,
    probe_adapted: adapted = null,
  } = evidence;
  if (probe === null) return [['  none', 'no pod has probed it yet']];
  return [
    ['  last probe', `${ageWords(probe.age_seconds)} ago`, probeText(probe)],
    ...good.map(({ level, age_seconds: age }) => ['  last success', `${ageWords(age)} ago`, `at level ${level}`]),
    ...(overload === null ? [] : [['  rate-limited', `${ageWords(overload.age_seconds)} ago`, overloadText(overload)]]),
    ...(rejected === null ? [] : [['  probe rejected', `${ageWords(rejected.age_seconds)} ago`, signText(rejected)]]),
    ...(adapted === null ? [] : [['  probe adapted', adaptationText(adapted)]]),
    ...(failureRun === null
      ? []
      : [['  failures', `${ageWords(failureRun.age_seconds)} ago`, failureRunText(failureRun)]]),
  ];
}

/** Who saw the failure. */
export function witnessRows(witnesses: FailureRun['witnesses']): readonly (readonly Cell[])[] {
  return witnesses.map(({ pod, reporter, self, live, age_seconds: age }) => {
    const who = reporter === null ? pod : `${programText(reporter)}, received by ${pod}`;
    return [`  ${who}`, `${ageWords(age)} ago`, self ? 'this pod' : live ? '' : 'not among the live pods'];
  });
}

function programText(reporter: string): string {
  return reporter === 'litellm' ? 'LiteLLM' : `the reporter ${reporter}`;
}

function probeText({ pod, reason, level, ok, latency_ms: latency, class: name, status, message }: ProbePage): string {
  const how = `${reason}, by ${pod}, level ${level}, ${Math.round(latency)} ms`;
  if (ok) return `good: ${how}`;
  return `failed: ${[name, status].filter((part) => part !== undefined).join(' ')}: ${message ?? ''} (${how})`;
}

function overloadText(overload: NonNullable<Evidence['overload']>): string {
  const { rest_until: until } = overload;
  return signText(overload) + (until === null ? '' : `; Retry-After until ${until}`);
}

function signText({ status, message, length, since }: NonNullable<Evidence['rejected']>): string {
  const what = status === undefined ? message : `HTTP ${status}: ${message}`;
  return `${length === 1 ? 'once' : `${length} times`} since ${since}: ${what}`;
}

function adaptationText({ parameter, renamed_to: renamedTo }: AdaptationPage): string {
  const sent = renamedTo === null ? 'left out' : `sent as ${renamedTo}`;
  return `${parameter} is ${sent}: the upstream rejected it`;
}

function failureRunText({ class: name, status, length, over, since, level }: FailureRun): string {
  const what = [name, status].filter((part) => part !== undefined).join(' ');
  return `${what}, ${length === 1 ? 'once' : `${length} times`} since ${since}, at level ${level}${over ? '; ended' : ''}`;
}
