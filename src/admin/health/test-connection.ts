import type { ConnectionRequest, TestedBody } from '../../api/index.ts';
import { loadConfig } from '../../config/index.ts';
import type { AllswellConfig, Deployment, ProbeTarget } from '../../config/index.ts';
import { detailAnswer, jsonAnswer } from '../../http/index.ts';
import type { ProbeResult } from '../../ports/index.ts';
import type { AdminOptions } from '../admin-options.ts';
import { errorLine } from '../../litellm/index.ts';
import { healthBody } from './health-body.ts';
import { createRows } from './health-row.ts';

type TestParts = Pick<AdminOptions, 'config' | 'fleet' | 'probeOnce' | 'redact' | 'showRequest'>;

/**
 * `POST /health/test_connection`. A deployment of the list is checked through the fleet, like any other check on demand.
 * Parameters that name a connection of their own are probed once, as the configuration would read them: nothing is
 * inherited from the list or from the environment, and nothing of it is remembered.
 */
export function createTestConnection(
  parts: TestParts,
): (body: ConnectionRequest, signal: AbortSignal) => Promise<Response> {
  return async (body, signal) => {
    if (refersToEnvironment(body)) return refused(noReferences);
    const known = ownConnection(body) ? undefined : listed(parts.config.deployments, body);
    return known === undefined ? await testNew(parts, body, signal) : await testListed(parts, known, signal);
  };
}

const noReferences = 'Environment variable references are not permitted in request parameters.';

function refused(error: string): Response {
  return detailAnswer(400, { error });
}

function refersToEnvironment(value: unknown): boolean {
  if (typeof value === 'string') return value.startsWith('os.environ/');
  return typeof value === 'object' && value !== null && Object.values(value).some(refersToEnvironment);
}

const connectionKeys = ['api_base', 'api_key', 'api_version', 'organization', 'extra_headers', 'custom_llm_provider'];

function ownConnection({ litellm_params: params }: ConnectionRequest): boolean {
  return connectionKeys.some((key) => params[key] !== undefined);
}

/** By id, else by the name of a group, else by the upstream's own name. */
function listed(
  deployments: readonly Deployment[],
  { litellm_params: params, model_info: info }: ConnectionRequest,
): Deployment | undefined {
  if (info?.['id'] !== undefined) return deployments.find(({ modelId }) => modelId === info['id']);
  return (
    deployments.find(({ modelName }) => modelName === params['model']) ??
    deployments.find(({ model }) => model === params['model'])
  );
}

async function testListed(
  { config, fleet, redact, showRequest }: TestParts,
  deployment: Deployment,
  signal: AbortSignal,
): Promise<Response> {
  await fleet.check([deployment.targetId], signal);
  const rows = createRows(config, { redact, showRequest });
  const body = healthBody(fleet, [deployment], { rows, suspects: 'unhealthy' });
  const [healthy] = body.healthy_endpoints;
  if (healthy !== undefined) return tested({ status: 'success', result: healthy });
  const [failing] = [...body.unhealthy_endpoints, ...body.unknown_endpoints];
  return tested({ status: 'error', result: failing ?? {} });
}

async function testNew({ probeOnce }: TestParts, body: ConnectionRequest, signal: AbortSignal): Promise<Response> {
  const read = readOne(body);
  if (typeof read === 'string') return refused(read);
  const { target, deployment } = read;
  const { outcome, latencyMs, level, limits } = await probeOnce(target, signal);
  const shown = { ...deployment.displayParams, model: deployment.model };
  const ours = { latency_ms: latencyMs, level };
  if (outcome.kind === 'ok') return tested({ status: 'success', result: { ...shown, ...limits, ...ours } });
  return tested({ status: 'error', result: { ...shown, error: failureOf(outcome, target), ...ours } });
}

function tested(body: TestedBody): Response {
  return jsonAnswer<TestedBody>(body);
}

function failureOf(outcome: Exclude<ProbeResult['outcome'], { kind: 'ok' }>, { provider }: ProbeTarget): string {
  return outcome.kind === 'failed'
    ? errorLine(outcome.failure, provider)
    : `This pod could not run the probe: ${outcome.why}`;
}

/** The parameters as one entry of a configuration with nothing else in it; or why they cannot be that. */
function readOne({ mode, litellm_params, model_info }: ConnectionRequest): ConnectionRead | string {
  const entry = {
    model_name: 'test',
    litellm_params,
    model_info: { ...model_info, ...(mode !== undefined && { mode }) },
  };
  const loaded = loadConfig({ text: JSON.stringify({ model_list: [entry] }), env: {}, readFile: readNothing });
  if (loaded.kind === 'refused') {
    const told = loaded.problems.map(({ message, expected }) =>
      expected === '' ? message : `${message}; expected ${expected}`,
    );
    return told.join('\n').replaceAll('model_list[0].', '');
  }
  return only(loaded.config);
}

interface ConnectionRead {
  readonly target: ProbeTarget;
  readonly deployment: Deployment;
}

function only({ targets: [target], deployments: [deployment] }: AllswellConfig): ConnectionRead | string {
  if (target === undefined || deployment === undefined) return 'litellm_params.model is missing';
  return { target, deployment };
}

function readNothing(): never {
  throw new Error('a request cannot refer to files');
}
