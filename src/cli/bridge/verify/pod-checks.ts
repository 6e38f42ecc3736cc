import { failed, few, passed, skipped } from './check.ts';
import type { Check, CheckName } from './check.ts';
import type { LitellmAnswer } from './ask-litellm.ts';
import { hasId, isOurs, nameOf, shortId } from './expected.ts';
import type { Expected } from './expected.ts';
import { readModels, readReport, readResultsPage, readRouterMemory, readShared, readTasks } from './litellm-pages.ts';
import type { ListedModel, ReportPage, ResultsPage, TasksPage } from './litellm-pages.ts';

/** What one LiteLLM pod answered, page by page. */
export interface PodAnswers {
  /** `/debug/report`. */
  readonly report: LitellmAnswer;
  /** `/health/readiness/details`; asked where the report is missing. */
  readonly details: LitellmAnswer | null;
  /** `/debug/asyncio-tasks`. */
  readonly tasks: LitellmAnswer;
  /** `/health/shared-status`. */
  readonly shared: LitellmAnswer;
  /** `/health`; null: not asked, because LiteLLM would probe for it. */
  readonly health: LitellmAnswer | null;
  /** `/v1/model/info`. */
  readonly models: LitellmAnswer;
  /** `/memory-usage-in-mem-cache-items`. */
  readonly memory: LitellmAnswer;
}

/** Authors of the results in allswell's Redis, before and after the pod was asked: another bridge may take over meanwhile. */
export type Authors = readonly string[];

/** The checks of a pod that answered as LiteLLM, in the order in which they are shown. */
export function checkPod(answers: PodAnswers, expected: Expected, authors: Authors): readonly Check[] {
  const report = pageIn(answers.report, readReport);
  const tasks = pageIn(answers.tasks, readTasks);
  const health = answers.health === null ? undefined : pageIn(answers.health, readResultsPage);
  const redis = checkRedis(answers.shared, expected, authors);
  return [
    checkBackground(answers.tasks, tasks),
    redis,
    checkResults(answers.health, { health, redis, expected }),
    checkRouting(answers.memory, { report, health, models: pageIn(answers.models, readModels), expected }),
    checkDeployments(answers.models, report, expected),
  ];
}

/** Reads an answer, if there is one and it has the shape. */
export function pageIn<T>(answer: LitellmAnswer, read: (body: unknown) => T | undefined): T | undefined {
  return answer.kind === 'answered' ? read(answer.body) : undefined;
}

function unread(check: CheckName, path: string, answer: LitellmAnswer): Check {
  return skipped(check, `${path} ${whyUnread(answer)}`);
}

function whyUnread(answer: LitellmAnswer): string {
  switch (answer.kind) {
    case 'answered':
    case 'not-json':
      return 'has another form than in the LiteLLM versions that allswell knows';
    case 'too-long':
      return 'is too long to be read';
    case 'unreachable':
      return `does not answer: ${answer.why}`;
    case 'declined':
      if (answer.status === 404) return 'does not exist in this version of LiteLLM';
      if (answer.status === 401 || answer.status === 403) return 'is refused to this key';
      return `answers with status ${answer.status}`;
  }
}

function checkBackground(answer: LitellmAnswer, tasks: TasksPage | undefined): Check {
  const name = 'background-checks';
  if (tasks === undefined) return unread(name, '/debug/asyncio-tasks', answer);
  if (tasks.checksInBackground) return passed(name, 'the loop of background health checks runs');
  if (!tasks.complete) return skipped(name, 'LiteLLM has too many tasks to list them all');
  return failed(
    name,
    'no background health checks run, so the pod reads no results',
    'set general_settings.background_health_checks: true and a health_check_interval without quotes, and restart the pod',
  );
}

function checkRedis(answer: LitellmAnswer, { results }: Expected, authors: Authors): Check {
  const name = 'redis';
  const shared = pageIn(answer, readShared);
  if (shared === undefined) return unread(name, '/health/shared-status', answer);
  if (!shared.enabled) {
    return failed(
      name,
      'use_shared_health_check is off',
      'set general_settings.use_shared_health_check: true and restart the pod',
    );
  }
  if (!shared.redisAvailable) {
    return failed(
      name,
      'the pod has no Redis for its health checks',
      'give it the Redis of the bridge: cache_params, coordination_redis or REDIS_HOST',
    );
  }
  if (shared.error !== null) {
    return failed(name, "the pod's Redis does not answer", 'check the Redis settings of the pod, and its network');
  }
  if (results === undefined) return skipped(name, 'there are no results of allswell to compare with');
  if (!shared.cacheAvailable) {
    return failed(name, "the pod finds no results in its Redis, and allswell's Redis has some", sameRedis);
  }
  if (shared.checkedBy === null || !authors.includes(shared.checkedBy)) {
    const by = shared.checkedBy ?? 'an unnamed pod';
    return failed(
      name,
      `the results in the pod's Redis are those of ${by}, in allswell's those of ${authors.join(', ')}`,
      sameRedis,
    );
  }
  return passed(name, `the pod finds the results of ${shared.checkedBy} in its Redis`);
}

const sameRedis =
  'give the pod and the bridge the same Redis host, db and namespace; if they are the same, compare their clocks and ' +
  'DEFAULT_SHARED_HEALTH_CHECK_TTL';

interface ResultsFacts {
  readonly health: ResultsPage | undefined;
  readonly redis: Check;
  readonly expected: Expected;
}

function checkResults(answer: LitellmAnswer | null, { health, redis, expected }: ResultsFacts): Check {
  const name = 'results';
  if (answer === null) {
    return skipped(name, 'not asked: without background health checks, LiteLLM would probe each model for an answer');
  }
  if (health === undefined) return unread(name, '/health', answer);
  if (health.rows.length === 0) {
    return failed(name, 'the pod has no results yet', 'wait one health_check_interval and ask again');
  }
  const foreign = health.rows.filter((row) => !isOurs(row));
  if (foreign.length > 0) {
    return failed(
      name,
      `${foreign.length} of ${health.rows.length} rows at /health are of LiteLLM's own checks`,
      'wait one health_check_interval and ask again; if it stays so, correct the failed checks of Redis and background checks',
    );
  }
  if (expected.results === undefined) return skipped(name, 'there are no results of allswell to compare with');
  // Rows of another fleet of allswell look the same.
  if (redis.result !== 'passed') {
    return skipped(name, 'allswell made the rows at /health, but perhaps for another Redis');
  }
  const { results } = expected;
  const lagMs = lagOf(health, results);
  const rows = `all ${health.rows.length} rows at /health are allswell's`;
  if (isLate(health, { ...expected, results }, lagMs)) {
    return failed(
      name,
      `${rows}, but ${Math.round(lagMs / 1_000)} s older than those in Redis`,
      "compare the pod's health_check_interval with that of this configuration; if they are equal, its loop hangs: restart it",
    );
  }
  return passed(name, `${rows}, ${Math.round(lagMs / 1_000)} s behind those in Redis`);
}

/** A LiteLLM pod and a bridge may be slow for a moment. */
const SLACK_MS = 10_000;

/**
 * Whether a pod had the time to read newer rows than it shows. A row that is much older than that in Redis is none: the
 * next probe of its target ended a moment ago.
 *
 *   interval of the probes 60 s, LiteLLM reads every 5 s: a probe ended 2 s ago, and the pod shows the row of 62 s ago
 */
function isLate(
  health: ResultsPage,
  { results, resultsReadAt, litellmIntervalMs, probeIntervalMs }: Expected & { readonly results: ResultsPage },
  lagMs: number,
): boolean {
  const readsWithinMs = litellmIntervalMs + SLACK_MS;
  const shown = new Map(health.rows.map(({ id, checkedAt }) => [id, checkedAt]));
  const missed = results.rows.some(({ id, checkedAt }) => {
    const at = shown.get(id) ?? Infinity;
    return checkedAt !== null && at < checkedAt && resultsReadAt - checkedAt > readsWithinMs;
  });
  // Where probes are more frequent than reads, no row stays in Redis for so long.
  return missed || lagMs > readsWithinMs + LONGEST_BACKOFF * probeIntervalMs;
}

/** Intervals between two probes of a target, at most. */
const LONGEST_BACKOFF = 8;

/** How much older a pod's rows are than those in Redis, at most. */
function lagOf(health: ResultsPage, results: ResultsPage): number {
  const inRedis = new Map(results.rows.map(({ id, checkedAt }) => [id, checkedAt ?? 0]));
  return Math.max(0, ...health.rows.map(({ id, checkedAt }) => (inRedis.get(id) ?? 0) - (checkedAt ?? 0)));
}

interface RoutingFacts {
  readonly expected: Expected;
  readonly report: ReportPage | undefined;
  readonly health: ResultsPage | undefined;
  /** Undefined where the pod does not tell which deployments it has. */
  readonly models: readonly ListedModel[] | undefined;
}

/** LiteLLM's pages do not show the setting itself, so its effect is looked for: what the Router knows of deployments. */
function checkRouting(answer: LitellmAnswer, { report, health, models, expected }: RoutingFacts): Check {
  const name = 'routing';
  const on = 'enable_health_check_routing is on';
  if (report?.lines.includes('router_settings.enable_health_check_routing = true') === true) return passed(name, on);
  if (health === undefined || health.rows.length === 0) {
    return skipped(name, 'the pod has no results that it could route by');
  }
  const memory = pageIn(answer, readRouterMemory);
  if (memory === undefined) return unread(name, '/memory-usage-in-mem-cache-items', answer);
  // LiteLLM's Router remembers each row of the results, also those of deployments that the pod does not have.
  const own = new Set(models?.map(({ id }) => id));
  const rows = own.size === 0 ? health.rows : health.rows.filter(({ id }) => own.has(id));
  if (rows.length === 0) {
    return failed(
      name,
      `none of the ${health.rows.length} results is of a deployment of this pod, so it cannot route by them`,
      'correct what the check deployments names',
    );
  }
  const judged = new Set(memory.judged);
  const known = rows.filter(({ id }) => judged.has(id)).length;
  if (known > 0) {
    const list = report?.lines.includes('general_settings.model_list_healthy_only = true');
    if (list === false) return passed(name, `${on}: the Router knows the health of ${known} deployments`);
    return skipped(
      name,
      'the Router knows the health of deployments, but model_list_healthy_only alone may be the reason',
    );
  }
  if (memory.entries >= ROUTER_ENTRIES) {
    return skipped(name, "the Router's memory is full, and may have lost what shows it");
  }
  const off = 'enable_health_check_routing is off: the Router does not know the results';
  if (expected.cooldowns === 'on') return skipped(name, `${off}; cooldowns act without it`);
  return failed(
    name,
    off,
    'set general_settings.enable_health_check_routing: true and restart the pod, or set fleet_health.litellm_bridge.cooldowns: on',
  );
}

/** LiteLLM keeps at most 200 entries, and drops the ones that expire first. */
const ROUTER_ENTRIES = 190;

function checkDeployments(answer: LitellmAnswer, report: ReportPage | undefined, expected: Expected): Check {
  const name = 'deployments';
  const models = pageIn(answer, readModels);
  if (models === undefined) return unread(name, '/v1/model/info', answer);
  const { deployments, withoutId, results } = expected;
  const lacking = models.filter(({ id, group, model }) => {
    return (
      !deployments.some((one) => hasId(one, id)) && !withoutId.some((one) => one.group === group && one.model === model)
    );
  });
  // With this setting, LiteLLM's list leaves out groups that are down.
  const hides = report?.lines.includes('general_settings.model_list_healthy_only = true') === true;
  const down = hides ? (results?.rows ?? []).filter(({ list }) => list === 'unhealthy') : [];
  const unknown = deployments.filter((one) => ![...models, ...down].some(({ id }) => hasId(one, id)));
  if (lacking.length === 0 && unknown.length === 0) {
    return passed(name, `the pod's ${models.length} deployments have the ids of this configuration`);
  }
  const parts = [
    ...(lacking.length === 0
      ? []
      : [`allswell lacks ${few(lacking.map(({ group, model, id }) => `${group} (${model}, ${shortId(id)})`))}`]),
    ...(unknown.length === 0 ? [] : [`the pod lacks ${few(unknown.map(nameOf))}`]),
  ];
  return failed(
    name,
    parts.join('; '),
    'give both the same file and variables: an id is a hash of litellm_params, including the key of the upstream; models in ' +
      "LiteLLM's database are not in the file",
  );
}
