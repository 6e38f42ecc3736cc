import { counted } from '../../health/index.ts';
import type { Look, Paint } from '../../terminal/index.ts';
import type { ExplainPage, State } from '../ask/index.ts';
import { heldState, holdText } from '../show/hold-text.ts';
import { marksOf } from '../show/marks.ts';
import { namePods, podNamesOf } from '../show/pod-names.ts';
import { printable, tableLines } from '../show/table.ts';
import { placeText } from '../show/target-name.ts';
import { ageWords, forWords } from '../show/times.ts';
import { evidenceRows, witnessRows } from './evidence-rows.ts';

/** All that a pod has to say about one target, for a person to read from top to bottom. */
export function explainLines(page: ExplainPage, paint: Paint): readonly string[] {
  const { deployments, evidence, hold = null, would_change: changes } = page;
  const witnesses = evidence.failure_run?.witnesses ?? [];
  const section = (title: string, lines: readonly string[]): readonly string[] =>
    lines.length === 0 ? [] : ['', paint('strong', title), ...lines];
  const lines = [
    headline(page, paint),
    `  ${printable(page.why)}`,
    ...(hold === null ? [] : [paint('wary', `  ${holdText(hold)}`)]),
    ...(placeText(page) === '' ? [] : [`  upstream ${printable(placeText(page))}`]),
    ...deployments.map(({ model_name: name, model_id: id }) => `  used by ${printable(name)} (${id})`),
    ...section('EVIDENCE', tableLines(evidenceRows(page), paint)),
    ...section(`WITNESSES ${witnesses.length}`, tableLines(witnessRows(witnesses), paint)),
    ...section('POLICY', policyLines(page.policy)),
    ...section(
      'WHAT WOULD CHANGE IT',
      tableLines(
        changes.map(({ to, needs }) => [{ text: `  ${to}`, look: looks[to] }, needs]),
        paint,
      ),
    ),
    ...section('NEXT PROBE', [`  ${nextProbe(page.next_probe)}`]),
  ];
  return lines.map(namePods(podNamesOf(page)));
}

const looks: Readonly<Record<State, Look>> = {
  up: 'good',
  degraded: 'wary',
  suspect: 'wary',
  down: 'bad',
  unknown: 'faint',
};

function headline(page: ExplainPage, paint: Paint): string {
  const { model, target, state, since, age_seconds: age, now, pod, hold = null } = page;
  const held = heldState(hold);
  const is = held === undefined ? paint(looks[state], state) : `${paint('wary', held)} (probes: ${state})`;
  return [
    `${paint('strong', printable(model ?? target))} is ${is}`,
    ...(since === null ? [] : [forWords(since, now)]),
    age === null ? 'never judged' : `evidence ${ageWords(age)} old`,
    ...marksOf(page).map((mark) => paint('wary', printable(mark))),
    `target ${target}`,
    `asked ${pod}`,
  ].join(' · ');
}

function policyLines(policy: ExplainPage['policy']): readonly string[] {
  const { rise, fall, interval_seconds: every, edge_interval_seconds: edge, pods_with_other_policy: others } = policy;
  const rhythm = policy.background ? `probed every ${every} s` : 'probed only on request';
  return [
    `  ${counted(fall, 'failure')} to go down, ${counted(rise, 'good probe')} to come up; ${edge} s apart while a change is pending`,
    `  ${rhythm} at level ${policy.level}, at most ${policy.timeout_seconds} s each; stale after ${policy.stale_after_seconds} s`,
    ...(others.length === 0 ? [] : [`  these pods have another policy: ${others.join(', ')}`]),
  ];
}

function nextProbe({ kind, reason, in_seconds: seconds, by, otherwise, paused }: ExplainPage['next_probe']): string {
  const why = reason === 'confirmation' ? ', to confirm' : '';
  if (kind === 'running') return `running now in ${by ?? 'a pod'}${why}`;
  if (kind === 'paused') return `none until probing is resumed${paused === undefined ? '' : `: ${holdText(paused)}`}`;
  if (kind === 'on-demand') return 'only on request: background checks are off in this pod or for this model';
  const rest = otherwise.length === 0 ? '' : `, else by ${otherwise.slice(0, 3).join(', ')}`;
  return `in ${ageWords(seconds)} by ${by ?? 'the pod with the slot'}${rest}${why}`;
}
