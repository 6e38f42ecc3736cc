import { addNote, type Findings } from '../problems/index.ts';
import { child, follow, type Entry, type Node, type Path, type ScalarNode } from '../yaml/index.ts';
import type { Env } from '../types.ts';

const PREFIX = 'os.environ/';

/**
 * Puts the environment's values where the file says `os.environ/NAME`. LiteLLM's rules: the whole text or nothing; of what
 * is in a list only the mappings directly inside it are looked at; `true` and `false` become booleans; what is not set is
 * null.
 */
export function resolveEnvRefs(root: Node, env: Env, findings: Findings): Node {
  const block = child(root, 'environment_variables');
  const setLater = new Set(block?.kind === 'map' ? block.entries.map(({ key }) => key) : []);
  const missing = new Set<string>();
  const resolved = resolve(root, [], { env, setLater, missing, findings });
  noteSecretManager(root, missing, findings);
  return resolved;
}

/** True if LiteLLM would read secrets from a manager that allswell cannot read. */
export function hasSecretManager(root: Node): boolean {
  return child(child(root, 'general_settings'), MANAGER) !== undefined;
}

const MANAGER = 'key_management_system';

function noteSecretManager(root: Node, missing: ReadonlySet<string>, findings: Findings): void {
  const { location, found } = follow(root, ['general_settings', MANAGER]);
  if (!found) return;
  const names = [...missing].map(shownName).toSorted().join(', ');
  const rest = missing.size === 0 ? 'all are in the environment' : `these stay empty without a variable: ${names}`;
  const is = `has no effect: allswell reads secrets from the environment alone; ${rest}`;
  addNote(findings, missing.size === 0 ? 'info' : 'warn', { location, path: ['general_settings', MANAGER], is });
}

interface Resolving {
  readonly env: Env;
  /** Variables that the file sets after it is read: too late for its own references. */
  readonly setLater: ReadonlySet<string>;
  /** Names of variables that are not set. */
  readonly missing: Set<string>;
  readonly findings: Findings;
}

function resolve(node: Node, path: Path, resolving: Resolving): Node {
  if (node.kind === 'map') {
    return { ...node, entries: node.entries.map((entry) => resolveEntry(entry, path, resolving)) };
  }
  if (node.kind === 'list') {
    return {
      ...node,
      items: node.items.map((item, at) => (item.kind === 'map' ? resolve(item, [...path, at], resolving) : item)),
    };
  }
  return resolveScalar(node, path, resolving);
}

function resolveEntry(entry: Entry, path: Path, resolving: Resolving): Entry {
  if (entry.value.kind === 'scalar' && pointers.has(entry.key)) return entry;
  return { ...entry, value: resolve(entry.value, [...path, entry.key], resolving) };
}

/** LiteLLM resolves these at use, so they stay as they are written. */
const pointers = new Set(['anthropic_issuer_signing_key_ref', 'anthropic_keycloak_client_secret_ref']);

function resolveScalar(node: ScalarNode, path: Path, { env, setLater, missing, findings }: Resolving): ScalarNode {
  if (typeof node.value !== 'string' || !node.value.startsWith(PREFIX)) return node;
  const name = node.value.replaceAll(PREFIX, '');
  const found = env[name];
  if (found === undefined) {
    missing.add(name);
    const late = setLater.has(name) ? '; as in LiteLLM, environment_variables is applied only later' : '';
    addNote(findings, 'warn', {
      location: node.location,
      path,
      is: `is not set: there is no environment variable ${shownName(name)}${late}`,
    });
  }
  if (found === undefined) return { ...node, plain: false, value: null, unset: true };
  return { ...node, plain: false, value: booleans[found.trim().toLowerCase()] ?? found };
}

const booleans: Readonly<Record<string, boolean>> = { true: true, false: false };

// `os.environ/sk-…` has the secret itself in place of its name.
function shownName(name: string): string {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) ? name : 'of the given name';
}
