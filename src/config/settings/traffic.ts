import type { Findings } from '../problems/index.ts';
import { generalTrafficKeys, litellmTrafficKeys } from '../schema/index.ts';
import { readTrafficEnvironment } from '../source/index.ts';
import type { Node } from '../yaml/index.ts';
import type { AllswellConfig, Deployment, Env } from '../types.ts';
import { readMoreKeys } from './blocks.ts';
import { type GatewayInput, readGatewayLimits } from './gateway-limits.ts';
import { readRouting } from './routing.ts';

/** Settings that only matter where requests are routed. */
export interface TrafficSettings extends Pick<AllswellConfig, 'routing' | 'gateway'> {
  /** Of all deployments; `on` cannot be switched off for one. */
  readonly dropParams: Deployment['dropParams'];
}

export interface TrafficInput extends Pick<GatewayInput, 'gateway'> {
  readonly root: Node;
  readonly env: Env;
  readonly findings: Findings;
}

/** As the file and the environment say. */
export function trafficByFile({ root, env, gateway, findings }: TrafficInput): TrafficSettings {
  const environment = readTrafficEnvironment(env, findings);
  const general = readMoreKeys(root, 'general_settings', { schema: generalTrafficKeys, findings }) ?? {};
  const litellm = readMoreKeys(root, 'litellm_settings', { schema: litellmTrafficKeys, findings }) ?? {};
  return {
    routing: readRouting({ root, general, litellm, environment, findings }),
    gateway: readGatewayLimits({ general, gateway }),
    dropParams: (litellm.drop_params ?? environment.dropParams) === true ? 'on' : 'off',
  };
}

/** As a file without settings says. */
export function trafficByDefault({ root, findings }: TrafficInput): TrafficSettings {
  const empty: Node = { kind: 'map', location: root.location, entries: [] };
  return trafficByFile({ root: empty, env: {}, gateway: undefined, findings });
}
