import { partOf } from './history-range.ts';
import type { HistoryRange } from './history-range.ts';
import { targetNames } from '../../api/index.ts';
import type { HistoryBody, ParsedRange, PastCheck } from '../../api/index.ts';
import { askPod, fleetForm, historyForm } from '../ask/index.ts';
import type { FleetPage, PodAddress, PodAnswer } from '../ask/index.ts';
import { namePods, podNamesIn } from '../show/pod-names.ts';
import type { NamePods } from '../show/pod-names.ts';
import { groupsOf, targetTexts } from '../show/target-name.ts';

/** Name in sentences, and what `--json` prints: results of the probes of one target, newest first. */
export interface ShownHistory {
  readonly name: string;
  readonly history: HistoryDocument;
}

interface HistoryDocument {
  readonly target: string;
  readonly model: string | null;
  readonly groups: readonly string[];
  readonly upstream_host: string | null;
  readonly region: string | null;
  readonly results: readonly PastResult[];
}

export interface PastResult {
  readonly at: string;
  readonly ok: boolean;
  readonly error: string | null;
  readonly class: string | null;
  readonly latency_ms: number;
  readonly level: string;
  readonly reason: string;
  /** Null: a probe. */
  readonly source: 'traffic' | 'external' | null;
  readonly pod: string;
}

export interface HistoryChoice {
  /** Most results of one target. */
  readonly limit: number;
  readonly results: 'all' | 'failed';
  readonly range: HistoryRange;
}

export type Histories =
  | {
      readonly kind: 'found';
      readonly now: string;
      readonly histories: readonly ShownHistory[];
      readonly namePod: NamePods;
    }
  | { readonly kind: 'none'; readonly why: string }
  | { readonly kind: 'unreachable'; readonly why: string };

type Target = FleetPage['targets'][number];

const PAGE = 1_000;

/** Reads the history of every target that the word means. */
export async function readHistories(address: PodAddress, word: string, choice: HistoryChoice): Promise<Histories> {
  const fleet = await askPod<FleetPage>(address, '/fleet', { form: fleetForm });
  if (fleet.kind !== 'answered') return { kind: 'unreachable', why: fleet.why };
  const { now, targets } = fleet.body;
  const range = partOf(choice.range, Date.parse(now));
  if (range.kind === 'refused') return { kind: 'none', why: `--${range.key}: ${range.why}` };
  const found = new Set(targetNames(targets).find(word));
  const meant = targets.filter(({ target }) => found.has(target));
  if (meant.length === 0) return { kind: 'none', why: `Unknown target: ${word}; allswell status lists the targets` };
  const texts = targetTexts(targets);
  const histories: ShownHistory[] = [];
  for (const target of meant) {
    // oxlint-disable-next-line no-await-in-loop -- one target after the other, mostly there is one
    const read = await readResults(address, target, { ...choice, part: range });
    if (read.kind === 'unreachable') return read;
    const { model, deployments, upstream_host: host = null, region = null } = target;
    const groups = groupsOf(deployments);
    const ids = { target: target.target, model, groups, upstream_host: host, region };
    histories.push({ name: texts.nameOf(target), history: { ...ids, results: read.results } });
  }
  return { kind: 'found', now, histories, namePod: namePods(podNamesIn(fleet.body)) };
}

type Results =
  | { readonly kind: 'read'; readonly results: readonly PastResult[] }
  | { readonly kind: 'unreachable'; readonly why: string };

/** The endpoint has a row per deployment of a group: pages until there are enough rows of one deployment of the target. */
async function readResults(
  address: PodAddress,
  { target, deployments }: Target,
  { limit, results, part }: HistoryChoice & { readonly part: Part },
): Promise<Results> {
  const [deployment] = deployments;
  if (deployment === undefined) return { kind: 'read', results: [] };
  const found: PastResult[] = [];
  const filter = results === 'failed' ? '&status_filter=unhealthy' : '';
  const path = `/health/history?model=${encodeURIComponent(deployment.model_name)}&limit=${PAGE}${filter}`;
  for (let offset = 0; found.length < limit; offset += PAGE) {
    // oxlint-disable-next-line no-await-in-loop -- page after page
    const answer: PodAnswer<HistoryBody> = await askPod<HistoryBody>(address, `${path}&offset=${offset}`, {
      form: historyForm,
    });
    if (answer.kind !== 'answered') return { kind: 'unreachable', why: whyOf(answer) };
    const { health_checks: rows } = answer.body;
    const own = rows.filter((row) => isOf(row, target, deployment.model_id)).map(resultOf);
    found.push(...own.filter(({ at }) => isIn(part, at)));
    // Newest first.
    const isOver = rows.some(({ checked_at: at }) => Date.parse(at) < part.fromMs);
    if (rows.length < PAGE || isOver) break;
  }
  return { kind: 'read', results: found.slice(0, limit) };
}

type Part = Pick<Extract<ParsedRange, { kind: 'range' }>, 'fromMs' | 'untilMs'>;

function isIn({ fromMs, untilMs }: Part, at: string): boolean {
  const ms = Date.parse(at);
  return ms >= fromMs && ms < untilMs;
}

function isOf({ details, model_id: id }: PastCheck, target: string, modelId: string): boolean {
  return details.target === target && id === modelId;
}

function resultOf({ checked_at: at, status, error_message: error, details, ...row }: PastCheck): PastResult {
  const { class: name = null, level, reason, source = null } = details;
  const ok = status === 'healthy';
  return { at, ok, error, class: name, latency_ms: row.response_time_ms, level, reason, source, pod: row.checked_by };
}

/** A pod says why the store did not answer. */
function whyOf(answer: Exclude<PodAnswer<HistoryBody>, { kind: 'answered' }>): string {
  const said = answer.kind === 'declined' ? (answer.detail as { detail?: { error?: unknown } } | null) : undefined;
  return typeof said?.detail?.error === 'string' ? said.detail.error : answer.why;
}
