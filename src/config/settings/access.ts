import { addNote, addProblem, type Findings } from '../problems/index.ts';
import type { PaceInput } from './pace.ts';
import { follow, type Node } from '../yaml/index.ts';
import type { AllswellConfig, StaticKey } from '../types.ts';

/** Permissions beside the master key. */
export type Access = Pick<AllswellConfig, 'keys' | 'drainToken' | 'readiness' | 'listed' | 'shutdownMs'>;

export function readAccess({ root, blocks, environment, findings }: PaceInput): Access {
  const { general, fleet } = blocks;
  const keys = (fleet.keys ?? []).map(({ name, sha256, role, models }) => {
    return { name, sha256: sha256.toLowerCase().replace(/^sha256:/, ''), role, models: models ?? [] };
  });
  checkKeys(keys, root, findings);
  const token = general.drain_endpoint_token ?? environment.drainToken ?? null;
  if (general.enable_drain_endpoint === true && token === null) addNote(findings, 'warn', drainWithoutToken(root));
  return {
    keys,
    drainToken: general.enable_drain_endpoint === true ? token : null,
    readiness: general.allow_public_health_readiness_details === true ? 'detailed' : 'short',
    listed: general.model_list_healthy_only === true ? 'healthy' : 'all',
    shutdownMs: environment.shutdownMs ?? SHUTDOWN_MS,
  };
}

/** Time that running probes and requests get when a pod stops; a third of what Kubernetes grants. */
const SHUTDOWN_MS = 10_000;

/** What `sha256sum` prints where the variable with the key is not set. */
const HASH_OF_NOTHING = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

/** A scoped key without models could see nothing, and a key listed twice would have two roles: both are mistakes. */
function checkKeys(keys: readonly StaticKey[], root: Node, findings: Findings): void {
  const fault = (path: readonly (string | number)[], is: string, expected: string): void => {
    addProblem(findings, { location: follow(root, path).location, path, is, expected });
  };
  const names = new Set<string>();
  const digests = new Set<string>();
  for (const [at, { name, sha256, role, models }] of keys.entries()) {
    const path = ['fleet_health', 'keys', at] as const;
    if (names.has(name)) fault([...path, 'name'], 'is used twice', 'a unique name');
    const hash = [...path, 'sha256'];
    if (sha256 === HASH_OF_NOTHING) fault(hash, 'is the hash of an empty key', 'the hash of a random key');
    if (digests.has(sha256)) fault(hash, 'is listed twice', 'another key');
    names.add(name);
    digests.add(sha256);
    if (role === 'scoped' && models.length === 0) {
      fault([...path, 'models'], 'is missing', 'the model groups that a scoped key may see');
    }
    if (role !== 'scoped' && models.length > 0) {
      const reach = role === 'admin' ? 'an admin key sees all' : 'an events key sees none';
      fault([...path, 'models'], `has no effect for role: ${role}`, `no models, because ${reach}; or role: scoped`);
    }
  }
}

function drainWithoutToken(root: Node): Parameters<typeof addNote>[2] {
  const path = ['general_settings', 'enable_drain_endpoint'];
  const is = 'has no effect without drain_endpoint_token or DRAIN_ENDPOINT_TOKEN, because anyone could stop the pod';
  return { location: follow(root, path).location, path, is };
}
