import type { TargetId } from '../../health/index.ts';
import { openFindings } from '../problems/index.ts';
import { flag } from '../schema/index.ts';
import { child, type MapNode, settingsOf } from '../yaml/index.ts';
import type { Deployment, RequestCall } from '../types.ts';
import type { Sharer } from './probe-level.ts';
import { shownOfProbe } from './shown-params.ts';
import { tagsOf } from './tags.ts';
import { present } from './present.ts';
import { callOf, priceOf, type Reading, type Upstream, upstreamOf } from './upstream.ts';

/** An entry, the upstream of its probe, and the id of that target. */
export interface Row extends Sharer, Pick<Deployment, 'onDemand'> {
  readonly id: TargetId;
}

/** What an upstream is read from beside its entry. */
export interface DeploymentReading extends Pick<Reading, 'env' | 'readFile' | 'hasSecretManager'> {
  /** Of all deployments. */
  readonly dropParams: Deployment['dropParams'];
}

/** What requests call, and which target stands for its health. */
export function deploymentOf(row: Row, reading: DeploymentReading): Deployment {
  const { entry, upstream: ofProbe, id: targetId, inBackground, onDemand } = row;
  const { info, own, params, shown } = entry;
  const call = requestCallOf(row, reading);
  return {
    modelName: entry.modelName,
    modelId: entry.modelId,
    targetId,
    model: entry.model,
    call,
    limits: entry.limits,
    dropParams: reading.dropParams === 'on' || isDropping(params) ? 'on' : 'off',
    tags: tagsOf(params),
    inBackground,
    onDemand,
    mode: info.mode ?? (call.kind === 'callable' ? call.mode : ofProbe.mode),
    displayParams: shownOfProbe(shown.probed, ofProbe.calledAs),
    writtenParams: shown.written,
    ...present({
      formerModelId: entry.formerModelId,
      timeoutMs: own.upstream.timeout,
      price: priceOf(info, own.upstream),
    }),
  };
}

/** Every value that is not a spelling of true counts as false. */
function isDropping(params: MapNode): boolean {
  const node = child(params, 'drop_params');
  return node !== undefined && flag.safeParse(settingsOf(node)).data === true;
}

/**
 * A probe may go where requests cannot: an address that only `health_check_params` has is enough for it. That is no
 * problem of the configuration, so only the value says what is missing.
 */
function requestCallOf({ entry, upstream: ofProbe }: Row, reading: DeploymentReading): Deployment['call'] {
  if (entry.own === entry.probed) return requestTo(ofProbe);
  const findings = openFindings(entry.findings.file);
  const upstream = upstreamOf(entry, entry.own, { ...reading, findings });
  if (upstream !== undefined) return requestTo(upstream);
  return { kind: 'not-callable', why: findings.problems.map(({ message }) => message).join('; ') };
}

function requestTo(upstream: Upstream): RequestCall {
  const { mode, extraBody } = upstream;
  return { kind: 'callable', ...callOf(upstream), mode, ...present({ extraBody }) };
}
