import type { CooldownMode } from '../../../config/index.ts';
import { counted } from '../../../health/index.ts';
import type { StoreTime } from '../../../health/index.ts';
import type { StoreAnswer } from '../../../ports/index.ts';
import { failed, few, passed } from './check.ts';
import type { Check } from './check.ts';
import { readPublished } from './litellm-pages.ts';
import type { ResultsPage } from './litellm-pages.ts';

/** A deployment of allswell's configuration. */
export interface ConfiguredDeployment {
  readonly modelId: string;
  readonly formerModelId?: string | undefined;
  /** `model_name`. */
  readonly group: string;
  readonly model: string;
}

/** What a pod is compared with: allswell's configuration, and the results in its Redis. */
export interface Expected {
  readonly deployments: readonly ConfiguredDeployment[];
  /** Deployments whose ids only LiteLLM knows. */
  readonly withoutId: readonly Pick<ConfiguredDeployment, 'group' | 'model'>[];
  /** `health_check_interval` of the file. */
  readonly litellmIntervalMs: number;
  /** allswell probes each target this often. */
  readonly probeIntervalMs: number;
  /** Whether the bridge writes cooldowns with this configuration. */
  readonly cooldowns: CooldownMode;
  /** Undefined where there are none of allswell. */
  readonly results: ResultsPage | undefined;
  /** When they were read, epoch milliseconds on the clock of Redis. */
  readonly resultsReadAt: number;
}

/** How a deployment is named in a line. */
export function nameOf({ group, model, modelId }: Pick<ConfiguredDeployment, 'group' | 'model' | 'modelId'>): string {
  return `${group} (${model}, ${shortId(modelId)})`;
}

/**
 * An id in a line: LiteLLM's hashes are long.
 *
 * @example
 * shortId('81aa83dbd0706369bcc3153ec63f1572') // '81aa83dbd070…'
 */
export function shortId(id: string): string {
  return id.length > ID_SHOWN + 4 ? `${id.slice(0, ID_SHOWN)}…` : id;
}

const ID_SHOWN = 12;

/** Whether a deployment has this id in any version of LiteLLM. */
export function hasId({ modelId, formerModelId }: ConfiguredDeployment, id: string): boolean {
  return modelId === id || formerModelId === id;
}

/** Checks allswell's own side: results of allswell, in its Redis, by this configuration. */
export function checkPublished(answer: StoreAnswer<string> | null, expected: Expected): Check {
  if (answer === null) {
    return failed(
      'published',
      'this configuration names no Redis',
      'give verify the configuration and the variables of the bridge',
    );
  }
  if (answer.kind !== 'ok') {
    const why = answer.kind === 'lost' ? answer.loss.message : 'it answers too late';
    return failed(
      'published',
      `allswell's Redis cannot be read: ${why}`,
      'check the Redis settings, and the network from here to it',
    );
  }
  const page = answer.value === '' ? undefined : readPublished(answer.value);
  if (page === undefined) {
    return failed(
      'published',
      'there are no results in Redis',
      'start the bridge; allswell status --why shows why it does not publish',
    );
  }
  if (!page.rows.some(isOurs)) {
    const by = page.checkedBy ?? 'unknown';
    return failed(
      'published',
      `the results in Redis are LiteLLM's own (by ${by})`,
      'start the bridge; allswell status --why shows why it does not publish',
    );
  }
  const strangers = page.rows.filter(({ id }) => !expected.deployments.some((one) => hasId(one, id)));
  if (strangers.length > 0) {
    const names = few(strangers.map(({ id }) => shortId(id)));
    return failed(
      'published',
      `this configuration lacks ${counted(strangers.length, 'deployment')} of the results: ${names}`,
      'give verify the configuration and the variables of the bridge. If these are the variables of LiteLLM, the bridge has other variables than LiteLLM: compare the keys of the upstreams',
    );
  }
  const ageS = ageOf(page, answer.meta.now);
  const by = page.checkedBy ?? 'unknown';
  if (ageS > RENEWED_WITHIN_S) {
    return failed(
      'published',
      `no bridge renews the results: those by ${by} are ${ageS} s old`,
      'start the bridge; if one runs, allswell status --why at its pod shows why it does not publish',
    );
  }
  return passed('published', `${page.rows.length} rows by ${by}, ${ageS} s old`);
}

/** A bridge renews its results every 5 s, and another one takes over within 11 s. */
const RENEWED_WITHIN_S = 20;

/** The results of an answer, if allswell made them. */
export function resultsIn(answer: StoreAnswer<string> | null): ResultsPage | undefined {
  const page = answer?.kind === 'ok' ? readPublished(answer.value) : undefined;
  return page?.rows.some(isOurs) === true ? page : undefined;
}

/** Whether allswell made a row: LiteLLM's own rows have no state. */
export function isOurs({ state, checkedAt }: ResultsPage['rows'][number]): boolean {
  return state !== null && checkedAt !== null;
}

function ageOf({ timestamp }: ResultsPage, now: StoreTime): number {
  return Math.max(0, Math.round(now / 1_000_000 - (timestamp ?? 0)));
}
