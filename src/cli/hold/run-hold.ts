import type { BeginHold } from '../../api/index.ts';
import { askPod, heldForm } from '../ask/index.ts';
import type { HeldPage, PodAddress } from '../ask/index.ts';
import type { CliProcess } from '../cli-process.ts';
import { exitStatus } from '../exit-status.ts';
import { placeText } from '../show/target-name.ts';

/** What to ask a pod to decide, and how to show its answer. */
export interface HoldDecision {
  readonly path: string;
  readonly body: { readonly [K in keyof BeginHold]?: string | undefined };
  readonly output: 'line' | 'json';
}

/** Asks a pod to decide for the fleet. Ends with 1 where the fleet could not: then nothing was changed, or the text says so. */
export async function runHold(
  address: PodAddress,
  { path, body, output }: HoldDecision,
  process: CliProcess,
): Promise<void> {
  const answer = await askPod<HeldPage>(address, path, { method: 'POST', body, form: heldForm });
  if (answer.kind === 'answered') {
    process.stdout.write(`${output === 'json' ? JSON.stringify(answer.body) : lineOf(path, answer.body)}\n`);
    process.stderr.write(warningOf(answer.body));
    return;
  }
  const said = answer.kind === 'declined' ? saidIn(answer.detail) : undefined;
  process.stderr.write(`${said ?? answer.why}\n`);
  process.exitCode = answer.kind === 'unreachable' ? exitStatus.unreachable : statusOf(answer.status);
}

/** On an endless decision, which is easily forgotten. */
function warningOf({ hold: { kind, until } }: HeldPage): string {
  if (kind === 'none' || until !== null) return '';
  const option = kind.startsWith('cooldowns-') ? '--for' : '--until';
  return `Warning: it has no end; to give it one, repeat the command with ${option} 2h, for example\n`;
}

function statusOf(status: number): number {
  if (status === 401 || status === 403) return exitStatus.unreachable;
  return status === 503 ? exitStatus.unhealthy : exitStatus.usage;
}

function lineOf(path: string, { changed, hold, targets, pods, mode }: HeldPage): string {
  const end = hold.until === null ? '' : ` until ${hold.until}`;
  const names = [...new Set(targets.map(nameOf))].join(', ');
  const what = {
    drain: `${names} gets no traffic${end}`,
    'hold-up': `${names} counts as up${end}`,
    pause: `Probing is paused${end}`,
    'cooldowns-observe': `LiteLLM cooldowns are only observed${end}`,
    'cooldowns-off': `LiteLLM cooldowns are off${end}`,
    none: endOf(path, names),
  }[hold.kind];
  const where =
    mode === 'shared' ? (pods === 1 ? 'the only pod' : `all ${pods} pods`) : 'this pod only: it does not share health';
  const before = changed ? '' : '; no change';
  return `${what}, in ${where}${before} (by ${hold.by}: ${hold.reason})`;
}

/** With the host, for several deployments of a group may have the same model. */
function nameOf(target: HeldPage['targets'][number]): string {
  const place = placeText(target);
  return place === '' ? target.model : `${target.model} at ${place}`;
}

function endOf(path: string, names: string): string {
  if (path.includes('/probing/')) return 'Probing is active';
  if (path.includes('/cooldowns/')) return 'LiteLLM cooldowns follow the configuration of each pod';
  return `${names} is no longer held`;
}

/** The pod's own words: of a refusal, of targets to choose from, of faults of the input. */
function saidIn(body: unknown): string | undefined {
  const detail = property(body, 'detail');
  const error = property(detail, 'error');
  if (typeof error === 'string') {
    const targets = property(detail, 'candidates') ?? property(detail, 'targets');
    return Array.isArray(targets) ? `${error}: ${targets.join(', ')}` : error;
  }
  if (!Array.isArray(detail)) return undefined;
  const faults = detail.map((fault: unknown) => {
    const loc = property(fault, 'loc');
    const at = Array.isArray(loc) ? String(loc.at(-1)) : 'input';
    return `${at}: ${String(property(fault, 'msg'))}`;
  });
  return faults.join('; ');
}

function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}
