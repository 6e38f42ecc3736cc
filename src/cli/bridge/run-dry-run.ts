import { whyWithheld } from '../../bridge/index.ts';
import type { AllswellConfig } from '../../config/index.ts';
import { formatNote, formatRefusal, loadConfig, readConfigFile } from '../../config/index.ts';
import { judgeWithoutStore } from '../../server/index.ts';
import type { StorelessVerdicts } from '../../server/index.ts';
import type { CliProcess } from '../cli-process.ts';
import { exitStatus } from '../exit-status.ts';

/** Verdicts that arrive earlier than this need no line about waiting. */
const FIRST_AT_S = 2;

const EVERY_S = 5;

/** More than this and the first ones stand for all. */
const NAMED_WHOLE = 3;

const NAMED_OF_MORE = 2;

export interface DryRunFlags {
  readonly config?: string;
  /** Seconds. */
  readonly timeout: number;
}

/** Prints what a bridge would publish. Probes each model, writes nowhere, and asks no Redis. Nothing is said once `end` aborts. */
export async function runDryRun(
  { config: file, timeout }: DryRunFlags,
  { process, end }: { readonly process: CliProcess; readonly end: AbortSignal },
): Promise<void> {
  const loaded = loadConfig({
    ...(file !== undefined && { file }),
    profile: 'bridge',
    env: process.env,
    readFile: readConfigFile,
  });
  if (loaded.kind === 'refused') {
    process.stderr.write(`${formatRefusal(loaded)}\n`);
    process.exitCode = exitStatus.usage;
    return;
  }
  for (const note of loaded.notes) if (note.level === 'warn') process.stderr.write(`${formatNote(note)}\n`);
  const { composed, unsettled, failing, cooldowns } = await judgeWithoutStore(loaded.config, {
    timeoutMs: timeout * 1_000,
    end,
    onProgress: createWaitingLines((line) => process.stderr.write(`${line}\n`)),
  });
  if (end.aborted) return;
  if (unsettled.length > 0) process.stderr.write(`No final verdict within ${timeout} s: ${unsettled.join(', ')}\n`);
  for (const line of cooldownLines(cooldowns, loaded.config.cooldowns)) process.stderr.write(`${line}\n`);
  if (composed.kind === 'withheld') {
    process.stderr.write(`Nothing would be published: ${whyWithheld(composed)}\n`);
    for (const { name, why } of failing) process.stderr.write(`${name}: ${why}\n`);
    process.exitCode = composed.why === 'likely-partition' ? exitStatus.unhealthy : exitStatus.notJudged;
    return;
  }
  process.stdout.write(`${JSON.stringify(JSON.parse(JSON.parse(composed.text) as string), null, 2)}\n`);
  if (composed.unhealthy > 0) process.exitCode = exitStatus.unhealthy;
  else process.exitCode = unsettled.length > 0 ? exitStatus.notJudged : exitStatus.ok;
}

/**
 * What the bridge would do in LiteLLM's routing. It goes to the error output: the output is the document.
 *
 * @example
 * cooldownLines({ set: [{ name: 'chat (a)', why: 'a is down' }], refused: [] }, 'on') // ['LiteLLM cooldown would be set: chat (a): a is down']
 */
export function cooldownLines(
  { set, refused }: StorelessVerdicts['cooldowns'],
  mode: AllswellConfig['cooldowns'],
): readonly string[] {
  if (set.length + refused.length === 0) return [];
  if (mode === 'off') return ['No LiteLLM cooldown would be set: fleet_health.litellm_bridge.cooldowns is off'];
  const would = mode === 'on' ? 'would be set' : 'would only be observed';
  return [
    ...set.map(({ name, why }) => `LiteLLM cooldown ${would}: ${name}: ${why}`),
    ...refused.map(({ name, pool, why }) => {
      return `LiteLLM cooldown would not be set for ${name}: it is the last routable deployment of ${pool}, so LiteLLM would still send it requests; ${why}`;
    }),
  ];
}

/** Called once a second with the models that have no verdict yet; prints them after a moment, then every few seconds. */
export function createWaitingLines(say: (line: string) => void): (models: readonly string[]) => void {
  let seconds = 0;
  return (models) => {
    seconds += 1;
    if (models.length > 0 && seconds % EVERY_S === FIRST_AT_S) say(`Waiting for verdicts: ${inShort(models)}`);
  };
}

/** Two targets may share a name. */
function inShort(models: readonly string[]): string {
  const names = [...new Set(models)];
  if (names.length <= NAMED_WHOLE) return names.join(', ');
  return `${names.slice(0, NAMED_OF_MORE).join(', ')} and ${names.length - NAMED_OF_MORE} more`;
}
