import { evidenceKind } from '../../health/index.ts';
import { formatRefusal, loadConfig, readConfigFile } from '../../config/index.ts';
import type { AllswellConfig } from '../../config/index.ts';
import { openSinglePodFleet } from '../../server/index.ts';
import type { SinglePodFleet } from '../../server/index.ts';
import type { CheckSource, Known } from './source.ts';

export type OpenedFile =
  | { readonly kind: 'opened'; readonly source: CheckSource }
  | { readonly kind: 'refused'; readonly problems: string };

/** Checks by itself what a configuration file lists: no pod, no Redis. */
export function fileSource(file: string, env: NodeJS.ProcessEnv): OpenedFile {
  const loaded = loadConfig({ file, env, readFile: readConfigFile });
  if (loaded.kind === 'refused') return { kind: 'refused', problems: formatRefusal(loaded) };
  return { kind: 'opened', source: sourceOf(loaded.config) };
}

function sourceOf(config: AllswellConfig): CheckSource {
  const lone = openSinglePodFleet(config);
  const { total, perHost } = config.concurrency;
  const deployments = config.deployments.filter(({ onDemand }) => onDemand);
  return {
    // More would wait for a free slot while their time runs.
    parallel: Math.min(total, perHost),
    list: async () => {
      const targets = config.targets.map(({ id, name, host, region = null }) => {
        const mine = deployments.filter(({ targetId }) => targetId === id);
        const names = mine.map(({ modelName, modelId }) => ({ model_name: modelName, model_id: modelId }));
        return { target: id, model: name, deployments: names, upstream_host: host, region };
      });
      return await Promise.resolve({ kind: 'listed', targets: targets.filter((one) => one.deployments.length > 0) });
    },
    check: async (target, signal) => {
      await lone.fleet.check([target], signal);
      const known = knownOf(lone, target);
      return known === undefined
        ? { kind: 'unreachable', why: 'it is not in the model list' }
        : { kind: 'known', known };
    },
    close: async () => await lone.stop(),
  };
}

function knownOf({ fleet, redact }: SinglePodFleet, target: string): Known | undefined {
  const view = fleet.target(target);
  if (view === undefined) return undefined;
  const { state, localOnly, why, flags, facts } = view;
  const { last: probe } = facts ?? {};
  const answeredAgoMs = probe === undefined ? 0 : (fleet.status().now - probe.answeredAt) / 1_000;
  const last = probe === undefined ? null : { pod: probe.pod, latencyMs: probe.latencyMs, answeredAgoMs };
  return {
    state,
    localOnly,
    why: redact(why),
    flags,
    run: facts === null || facts.rejected !== undefined ? null : evidenceKind(facts),
    last,
    hold: null,
  };
}
