import { addNote, type Findings } from '../problems/index.ts';
import { child, type Entry, type Node, type Path, type ScalarNode } from '../yaml/index.ts';
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
  return resolve(root, [], { env, setLater, findings });
}

interface Resolving {
  readonly env: Env;
  /** Variables that the file sets after it is read: too late for its own references. */
  readonly setLater: ReadonlySet<string>;
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

function resolveScalar(node: ScalarNode, path: Path, { env, setLater, findings }: Resolving): ScalarNode {
  if (typeof node.value !== 'string' || !node.value.startsWith(PREFIX)) return node;
  const name = node.value.replaceAll(PREFIX, '');
  const found = env[name];
  if (found === undefined) {
    const late = setLater.has(name) ? '; as in LiteLLM, environment_variables is applied only later' : '';
    addNote(findings, 'warn', {
      location: node.location,
      path,
      is: `is not set: there is no environment variable ${shownName(name)}${late}`,
    });
  }
  return { ...node, plain: false, value: found === undefined ? null : (booleans[found.trim().toLowerCase()] ?? found) };
}

const booleans: Readonly<Record<string, boolean>> = { true: true, false: false };

// `os.environ/sk-…` has the secret itself in place of its name.
function shownName(name: string): string {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) ? name : 'of the given name';
}
