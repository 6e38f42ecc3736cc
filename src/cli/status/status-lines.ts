import { counted } from '../../health/index.ts';
import type { NameableTarget, UnprobedTrafficBody } from '../../api/index.ts';
import type { Look, Paint } from '../../terminal/index.ts';
import type { FleetPage } from '../ask/index.ts';
import { holdText } from '../show/hold-text.ts';
import { isLongLag, lagText } from '../show/pod-lag.ts';
import { namePods, podNamesIn } from '../show/pod-names.ts';
import { tableLines } from '../show/table.ts';
import type { Cell } from '../show/table.ts';
import { placeText } from '../show/target-name.ts';
import { ageWords, forWords, inWords } from '../show/times.ts';
import { cooldownLines } from './cooldown-lines.ts';
import { moneyLines } from './money-lines.ts';
import { nameOf, summary, targetRows } from './target-rows.ts';
import type { TargetDetail } from './target-rows.ts';

export interface StatusLook {
  /** `why`: the findings follow, and name the leases that matter. */
  readonly shows: 'status' | 'why';
  readonly detail: TargetDetail;
}

const plainLook: StatusLook = { shows: 'status', detail: 'folded' };

/** Pods shown in one screen; the others are counted. */
const MOST_PODS = 20;

/** One pod's view of its fleet, as lines for one screen. */
export function statusLines(page: FleetPage, paint: Paint, look: StatusLook = plainLook): readonly string[] {
  const { shows, detail } = look;
  const { probing_paused: paused = null, targets, unprobed = [] } = page;
  const money = moneyLines(page, paint);
  const cooldowns = cooldownLines(page, paint);
  const restriction = page.bridge?.cooldowns?.restriction ?? null;
  return [
    headline(page, paint),
    ...(paused === null ? [] : [paint('wary', `probing: ${holdText(paused)}`)]),
    ...(restriction === null ? [] : [paint('wary', `LiteLLM cooldowns: ${holdText(restriction)}`)]),
    ...(page.store.problem === null ? [] : [paint('bad', `Redis: ${page.store.problem}`)]),
    '',
    podsHead(page, paint),
    ...podLines(page, paint),
    '',
    paint('strong', `TARGETS ${targets.length}${summary(targets)}`),
    ...tableLines(targetRows(page, detail), paint),
    ...(unprobed.length === 0 ? [] : ['', ...unprobedLines(page, paint)]),
    ...(cooldowns.length === 0 ? [] : ['', ...cooldowns]),
    ...(money.length === 0 ? [] : ['', ...money]),
    ...(shows === 'why' ? [] : ['', ...leaseLines(page, paint)]),
  ];
}

/** The pod asked lives, of course; which others do only the store knows. */
function podsHead({ pods, store, setup }: FleetPage, paint: Paint): string {
  if (pods.length === 0) return paint('strong', 'PODS unknown: the store has not answered yet');
  const head = `PODS ${pods.length}`;
  if (!store.available) return paint('bad', `${head} last known: without Redis nothing is known of other pods`);
  const { expected_pods: expected = null } = setup;
  const isMissing = expected !== null && pods.length < expected;
  const versions = new Set(pods.map(({ version }) => version)).size;
  const amount = isMissing ? `${head} of ${expected} expected` : head;
  const text = versions > 1 ? `${amount} (${versions} versions)` : amount;
  return paint(isMissing ? 'bad' : versions > 1 ? 'wary' : 'strong', text);
}

function leaseLines(page: FleetPage, paint: Paint): readonly string[] {
  const { leases, targets, now } = page;
  const name = namePods(podNamesIn(page));
  const byId = new Map(targets.map((one) => [one.target, one]));
  const rows = leases.map(({ target, model, pod, until }) => {
    const known: NameableTarget = byId.get(target) ?? { target, model, deployments: [] };
    return [`  ${nameOf(known)}`, placeText(known), name(pod), `until ${inWords(until, now)}`];
  });
  return [paint('strong', `LEASES ${leases.length}`), ...tableLines(rows, paint)];
}

function unprobedLines({ unprobed = [], now }: FleetPage, paint: Paint): readonly string[] {
  const rows = unprobed.map((one) => [
    `  ${one.model_name}`,
    one.model,
    `watched: ${one.watched}`,
    trafficText(one.traffic ?? null, now),
    one.why,
  ]);
  return [paint('strong', `NOT PROBED ${unprobed.length}`), ...tableLines(rows, paint)];
}

/** The newest of what LiteLLM pods reported about a deployment without probes. */
function trafficText(traffic: UnprobedTrafficBody | null, now: string): string {
  if (traffic === null) return 'nothing reported';
  const { last_success_at: success, last_failure: failure, cooldown_until: until } = traffic;
  if (until !== null && until > now) return `LiteLLM cooldown until ${inWords(until, now)}`;
  if (failure !== null && (success === null || failure.at > success)) {
    return `last request failed (${failure.class}) ${inWords(failure.at, now)}`;
  }
  return success === null ? 'nothing reported' : `last request passed ${inWords(success, now)}`;
}

function headline(page: FleetPage, paint: Paint): string {
  const { pod, fleet, mode, since, now, impaired } = page;
  const look: Look = mode === 'shared' ? 'good' : mode === 'fallback' ? 'bad' : 'wary';
  const words = [`fleet ${fleet}`, paint(look, mode), forWords(since, now), `asked ${namePods(podNamesIn(page))(pod)}`];
  const holds = holdCount(page);
  return [
    ...words,
    ...(holds === 0 ? [] : [paint('wary', counted(holds, 'hold'))]),
    ...(impaired ? [paint('bad', 'impaired')] : []),
  ].join(' · ');
}

/** Decisions of operators: on targets, on all probing, and on LiteLLM cooldowns. */
function holdCount({ targets, probing_paused: paused = null, bridge }: FleetPage): number {
  const restriction = bridge?.cooldowns?.restriction ?? null;
  return [...targets.map(({ hold = null }) => hold), paused, restriction].filter((hold) => hold !== null).length;
}

/** The pod asked comes first, then impaired ones and those that lag. */
function podLines(page: FleetPage, paint: Paint): readonly string[] {
  const marked = ({ self, impaired, lag }: FleetPage['pods'][number]): number =>
    self ? 0 : impaired || isLongLag(lag) ? 1 : 2;
  const pods = page.pods.length <= MOST_PODS ? page.pods : page.pods.toSorted((a, b) => marked(a) - marked(b));
  const left = pods.length - MOST_PODS;
  return [
    ...tableLines(
      pods.slice(0, MOST_PODS).map((pod) => podRow(pod, page)),
      paint,
    ),
    ...(left > 0 ? [`  and ${left} more`] : []),
  ];
}

function podRow(
  { pod, pod_name: name, self, version, started_at: started, mode, impaired, lag }: FleetPage['pods'][number],
  page: FleetPage,
): Cell[] {
  const age = ageWords(Math.max(0, (Date.parse(page.now) - Date.parse(started)) / 1_000));
  const marks = [self && 'asked', impaired && 'impaired'].filter((mark) => mark !== false).join(', ');
  const known = mode === undefined ? 'mode unknown' : mode.replace('-', ' ');
  return [`  ${name ?? ''}`, pod, version, `up ${age}`, known, `lag ${lagText(lag)}`, marks];
}
