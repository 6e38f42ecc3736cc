import { parseJson } from '../../../health/index.ts';

// LiteLLM's pages as 1.106, 1.108 and 1.110 answer them. Each reader answers undefined for a body of another shape.

/** `GET /debug/report`: version, and the flags of its configuration as lines such as `litellm_settings.cache = true`. */
export interface ReportPage {
  readonly version: string;
  readonly lines: readonly string[];
}

export function readReport(body: unknown): ReportPage | undefined {
  const { litellm_version: version, config_lines: lines } = recordOf(body);
  return typeof version === 'string' ? { version, lines: listOf(lines).filter(isText) } : undefined;
}

/** `GET /debug/asyncio-tasks`: whether the loop of background checks is among LiteLLM's running tasks. */
export interface TasksPage {
  readonly checksInBackground: boolean;
  /** LiteLLM counts the names of this many tasks at most. */
  readonly complete: boolean;
}

export function readTasks(body: unknown): TasksPage | undefined {
  const { total_active_tasks: total, by_name: names } = recordOf(body);
  if (typeof total !== 'number' || !isRecord(names)) return undefined;
  return { checksInBackground: names['_run_background_health_check'] !== undefined, complete: total < MOST_NAMED };
}

const MOST_NAMED = 5_000;

/** `GET /health/shared-status`: what the pod finds in its Redis when it is asked. */
export interface SharedPage {
  readonly enabled: boolean;
  readonly redisAvailable: boolean;
  readonly error: string | null;
  readonly cacheAvailable: boolean;
  /** Author of the results. */
  readonly checkedBy: string | null;
}

export function readShared(body: unknown): SharedPage | undefined {
  const { shared_health_check_enabled: enabled, redis_available: available, status } = recordOf(body);
  if (typeof enabled !== 'boolean') return undefined;
  const { redis_available: redis, error, cache_available: cache, last_checked_by: by } = recordOf(status);
  return {
    enabled,
    redisAvailable: (redis ?? available) === true,
    error: isText(error) ? error : null,
    cacheAvailable: cache === true,
    checkedBy: isText(by) ? by : null,
  };
}

/** Results of health checks: those that a pod shows at `GET /health`, or those in Redis. */
export interface ResultsPage {
  readonly rows: readonly ResultRow[];
  /** Unix seconds; null at `/health`. */
  readonly timestamp: number | null;
  readonly checkedBy: string | null;
}

export interface ResultRow {
  readonly id: string;
  readonly list: 'healthy' | 'unhealthy';
  /** A row that allswell made has a state and the time of its check. LiteLLM's own rows have neither. */
  readonly state: string | null;
  /** Unix milliseconds. */
  readonly checkedAt: number | null;
}

export function readResultsPage(body: unknown): ResultsPage | undefined {
  if (!isRecord(body)) return undefined;
  const { healthy_endpoints: good, unhealthy_endpoints: bad, timestamp, checked_by: by } = body;
  return {
    rows: [...rowsOf(good, 'healthy'), ...rowsOf(bad, 'unhealthy')],
    timestamp: typeof timestamp === 'number' ? timestamp : null,
    checkedBy: isText(by) ? by : null,
  };
}

/** The text of LiteLLM's key: JSON, possibly inside a JSON string. */
export function readPublished(text: string): ResultsPage | undefined {
  const outer = parseJson(text);
  return readResultsPage(typeof outer === 'string' ? parseJson(outer) : outer);
}

function rowsOf(list: unknown, name: ResultRow['list']): readonly ResultRow[] {
  return listOf(list).map((row) => {
    const { model_id: id, state, checked_at: at } = recordOf(row);
    const checkedAt = isText(at) ? Date.parse(at) : Number.NaN;
    return {
      id: isText(id) ? id : '',
      list: name,
      state: isText(state) ? state : null,
      checkedAt: Number.isNaN(checkedAt) ? null : checkedAt,
    };
  });
}

/** One deployment at `GET /v1/model/info`. */
export interface ListedModel {
  readonly id: string;
  /** `model_name`. */
  readonly group: string;
  /** `litellm_params.model`. */
  readonly model: string;
}

export function readModels(body: unknown): readonly ListedModel[] | undefined {
  const { data } = recordOf(body);
  if (!Array.isArray(data)) return undefined;
  return data.flatMap((entry): readonly ListedModel[] => {
    const { model_name: group, litellm_params: params, model_info: info } = recordOf(entry);
    const [{ model }, { id }] = [recordOf(params), recordOf(info)];
    return isText(group) && isText(model) && isText(id) ? [{ id, group, model }] : [];
  });
}

/** `GET /memory-usage-in-mem-cache-items`: how much the Router keeps in memory, and the health of deployments in it. */
export interface RouterMemory {
  readonly entries: number;
  /** Deployments whose health the pod gave its Router; LiteLLM does that only with health-check routing. */
  readonly judged: readonly string[];
}

export function readRouterMemory(body: unknown): RouterMemory | undefined {
  const { llm_router_cache: cache } = recordOf(body);
  if (!isRecord(cache)) return undefined;
  const states = recordOf(cache['litellm:health_check:deployment_health_state']);
  return { entries: Object.keys(cache).length, judged: Object.keys(states) };
}

/** `POST /utils/token_counter`: the model that the Router chose, without LiteLLM's prefix of the provider. */
export function readChosen(body: unknown): string | undefined {
  const { model_used: model } = recordOf(body);
  return isText(model) ? model : undefined;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return isRecord(value) ? value : {};
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}
