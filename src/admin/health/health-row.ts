import type { HealthRow } from '../../api/index.ts';
import type { Failure, TargetId } from '../../health/index.ts';
import type { AllswellConfig, Deployment, ProbeTarget } from '../../config/index.ts';
import type { TargetView } from '../../ports/index.ts';
import type { AdminOptions } from '../admin-options.ts';
import { errorLine } from '../../litellm/index.ts';
import { rawRequest } from './shown-request.ts';
import { heldLine, heldOf } from '../holds/holds-shown.ts';
import { adaptationOf } from './adaptation-shown.ts';
import { isoOf, secondsOf } from '../times.ts';

/** LiteLLM's keys, in LiteLLM's order. */
type TheirKeys = Pick<HealthRow, 'model' | 'model_id' | 'error' | 'exception_status'>;
type OurKeys = Omit<HealthRow, keyof TheirKeys>;

/** Makes the rows of `/health`. */
export interface Rows {
  passing(deployment: Deployment, view: TargetView): HealthRow;
  failing(deployment: Deployment, view: TargetView): HealthRow;
}

type RowConfig = Pick<AllswellConfig, 'deployments' | 'targets' | 'details'>;
type RowParts = Pick<AdminOptions, 'redact' | 'showRequest'>;

/** Everything about a row that never changes is made once. */
export function createRows({ deployments, targets, details }: RowConfig, parts: RowParts): Rows {
  const shown = new Map(deployments.map((deployment) => [deployment, shownOf(deployment, parts.redact)]));
  const { passing, failing } = details === 'full' ? fullRows(byId(targets), parts) : minimalRows;
  const shownBy = (deployment: Deployment): Shown => shown.get(deployment) ?? { model: deployment.model };
  return {
    passing: (deployment, view) => ({ ...passing(shownBy(deployment), deployment, view), ...additions(view) }),
    failing: (deployment, view) => ({ ...failing(shownBy(deployment), deployment, view), ...additions(view) }),
  };
}

type TargetsById = ReadonlyMap<TargetId, ProbeTarget>;

function byId(targets: readonly ProbeTarget[]): TargetsById {
  return new Map(targets.map((target) => [target.id, target]));
}

/** Fields that only an admin may see. */
const addresses = ['api_base', 'api_version', 'aws_bedrock_runtime_endpoint'];

/** Value of LiteLLM's header about hidden fields. */
export const fieldNotice: string = `${addresses.join(', ')} are admin-only on this endpoint`;

/** The same rows without addresses, for scoped keys. */
export function withoutAddresses(rows: Rows, targets: readonly ProbeTarget[]): Rows {
  const targetOf = byId(targets);
  const hidden = new Set([...addresses, 'raw_request_typed_dict']);
  const withoutAddress = (row: HealthRow, { targetId }: Deployment): HealthRow => {
    const apiBase = targetOf.get(targetId)?.apiBase ?? '';
    const shown = Object.entries(row).filter(([name]) => !hidden.has(name));
    // The hidden keys are optional in a row, so what is left is still one.
    return Object.fromEntries(
      shown.map(([name, value]) => [name, name === 'error' ? withoutAddressIn(String(value), apiBase) : value]),
    ) as unknown as HealthRow;
  };
  return {
    passing: (deployment, view) => withoutAddress(rows.passing(deployment, view), deployment),
    failing: (deployment, view) => withoutAddress(rows.failing(deployment, view), deployment),
  };
}

/** An error without addresses: messages of network failures contain hosts and IP addresses. */
function withoutAddressIn(error: string, apiBase: string): string {
  const names = URL.canParse(apiBase) ? [apiBase, new URL(apiBase).host, new URL(apiBase).hostname] : [apiBase];
  const known = names.filter((name) => name !== '').reduce((text, name) => text.replaceAll(name, '[address]'), error);
  return known.replaceAll(ipAddress, '[address]');
}

const ipAddress = /\b\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?\b|(?<![\w:])(?:[0-9a-f]{0,4}:){2,}[0-9a-f:.]*[0-9a-f](?![\w:])/gi;

type Params = Readonly<Record<string, string | number>>;
type Shown = Params & { readonly model: string };
type Row = (shown: Shown, deployment: Deployment, view: TargetView) => TheirKeys;

/** The parameters that may be seen, `model` last as in LiteLLM. */
function shownOf({ displayParams: { model = '', ...params } }: Deployment, redact: (text: string) => string): Shown {
  const entries = Object.entries(params).map(([name, value]) => [
    name,
    typeof value === 'string' ? redact(value) : value,
  ]);
  return { ...(Object.fromEntries(entries) as Params), model: redact(String(model)) };
}

const minimalRows: { readonly passing: Row; readonly failing: Row } = {
  passing: ({ model }, { modelId }) => ({ model, model_id: modelId }),
  failing: ({ model }, { modelId }, view) => ({ model, model_id: modelId, exception_status: statusOf(view) }),
};

function fullRows(
  targetOf: TargetsById,
  { redact, showRequest }: RowParts,
): { readonly passing: Row; readonly failing: Row } {
  return {
    passing: (shown, { modelId }, { facts }) => ({ ...shown, ...limitsOf(facts?.last.limits), model_id: modelId }),
    failing: (shown, { modelId, targetId }, view) => {
      const failureRun = failureRunOf(view);
      const drained = drainOf(view);
      const ending = { model_id: modelId, exception_status: statusOf(view) };
      // LiteLLM's row of a timeout has neither parameters nor a request.
      if (drained === null && failureRun?.class === 'timeout') {
        return { model: shown.model, error: 'Timeout exceeded', ...ending };
      }
      const seen = view.localOnly
        ? `Other pods have a different result: ${view.why}`
        : errorLine(failureRun, targetOf.get(targetId)?.provider ?? '');
      const error = redact(drained === null ? seen : heldLine(drained));
      return { ...shown, error, raw_request_typed_dict: rawRequest(showRequest(targetId)), ...ending };
    },
  };
}

/** The failure in the fleet's facts; a failure that only this pod has is not among them. */
function failureRunOf({ facts, localOnly, flags }: TargetView): Failure | undefined {
  if (localOnly) return undefined;
  if (flags.includes('rate-limited') && facts?.overload !== undefined) {
    return { class: 'overloaded', ...facts.overload };
  }
  return facts?.failureRun;
}

function drainOf({ hold }: TargetView): TargetView['hold'] {
  return hold?.kind === 'drain' ? hold : null;
}

/** HTTP status of a failing row: 503 drained, else the upstream's, 408 timeout, 500. */
function statusOf(view: TargetView): number {
  if (drainOf(view) !== null) return 503;
  const failureRun = failureRunOf(view);
  return failureRun?.status ?? (failureRun?.class === 'timeout' ? 408 : 500);
}

const shownLimits = ['x-ratelimit-remaining-requests', 'x-ratelimit-remaining-tokens', 'x-ms-region'];

function limitsOf(limits: Readonly<Record<string, string>> = {}): Params {
  return Object.fromEntries(shownLimits.flatMap((name) => (limits[name] === undefined ? [] : [[name, limits[name]]])));
}

function additions({ state, hold, stale, flags, evidenceAt, ageMs, facts }: TargetView): OurKeys {
  return {
    state,
    ...(hold !== null && { hold: heldOf(hold) }),
    ...(stale && { stale: true }),
    ...(flags.length > 0 && { flags }),
    ...(evidenceAt !== null && { checked_at: isoOf(evidenceAt) }),
    ...(ageMs !== null && { age_seconds: secondsOf(ageMs) }),
    ...(facts !== null && {
      latency_ms: facts.last.latencyMs,
      checked_by: facts.last.pod,
      level: facts.last.level,
      ...(facts.adapted && { probe_adapted: adaptationOf(facts.adapted) }),
      ...(facts.last.overBudget && { budget_spent_until: isoOf(facts.last.overBudget.until) }),
    }),
  };
}
