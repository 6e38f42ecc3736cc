import type { RedisLogin, RedisTarget, RedisTls } from '../../ports/index.ts';
import { addNote, addProblem, checkBlock, ENVIRONMENT, type Findings, nowhere } from '../problems/index.ts';
import type { RedisVariables } from '../source/index.ts';
import { cacheType, type LitellmSettings, redisSettings, type RedisSettings } from '../schema/index.ts';
import { child, follow, type Node, type Path, type SourceLocation } from '../yaml/index.ts';

export interface ChosenRedis {
  readonly target: RedisTarget;
  /** The cache namespace: the default fleet name. */
  readonly namespace?: { readonly name: string; readonly location: SourceLocation; readonly path: Path };
}

export interface RedisInput {
  readonly root: Node;
  readonly litellm: LitellmSettings;
  /** `fleet_health.redis_password_file`. */
  readonly passwordFile: string | undefined;
  readonly env: RedisVariables;
  readonly readFile: (path: string) => string;
  readonly findings: Findings;
}

/** The Redis for health: `coordination_redis`, else a cache of type redis, else the environment; null for none. */
export function chooseRedis(input: RedisInput): ChosenRedis | null {
  const { findings } = input;
  const { password_file: _file, ...env } = input.env;
  const source = coordination(input) ?? cache(input);
  if (source === 'wrong') return null;
  if (source === undefined) return namesTarget(env) ? chosen(env, undefined, input) : null;
  const found = chooseFrom(source, input);
  if (found !== undefined) return found;
  const location = source.node.location;
  if (source.name === 'coordination_redis') {
    addProblem(findings, {
      location,
      path: source.path,
      is: 'gives no Redis address',
      expected: 'one of host, url, startup_nodes or sentinel_nodes',
    });
  } else {
    addNote(findings, 'warn', {
      location,
      path: source.path,
      is: 'gives no Redis address, and the environment has none: no Redis is used',
    });
  }
  return null;
}

/** The Redis of one block, with the environment for what the block leaves out; undefined where neither has an address. */
export function chooseFrom(source: Source, input: RedisInput): ChosenRedis | null | undefined {
  const { password_file: _file, ...env } = input.env;
  const settings = withEnvironment(source.settings, env);
  noteCloudIdentity(source, input.findings);
  return namesTarget(settings) ? chosen(settings, source, input) : undefined;
}

interface Source {
  readonly name: 'coordination_redis' | 'cache_params' | 'router_settings';
  readonly settings: RedisSettings;
  readonly node: Node;
  readonly path: Path;
}

function coordination({ root, findings }: RedisInput): Source | 'wrong' | undefined {
  const path = ['general_settings', 'coordination_redis'];
  const node = child(child(root, 'general_settings'), 'coordination_redis');
  if (node === undefined) return undefined;
  const settings = checkBlock(redisSettings, node, { path, findings });
  return settings === undefined ? 'wrong' : { name: 'coordination_redis', settings, node, path };
}

function cache({ root, litellm, findings }: RedisInput): Source | 'wrong' | undefined {
  const path = ['litellm_settings', 'cache_params'];
  const node = child(child(root, 'litellm_settings'), 'cache_params');
  if (node === undefined) return undefined;
  const type = checkBlock(cacheType, node, { path, findings });
  if (type === undefined) return 'wrong';
  // Other types, such as s3 or local, have other parameters, which allswell does not check.
  if ((type.type ?? 'redis') !== 'redis') return undefined;
  const settings = checkBlock(redisSettings, node, { path, findings });
  if (settings === undefined) return 'wrong';
  if (litellm.cache !== true) {
    addNote(findings, 'warn', { location: node.location, path, is: 'is not used: litellm_settings.cache is not true' });
    return undefined;
  }
  return { name: 'cache_params', settings, node, path };
}

/** The environment fills in missing keys, but never adds an address to an address in the file. */
function withEnvironment(settings: RedisSettings, env: RedisSettings): RedisSettings {
  if (!namesTarget(settings)) return { ...env, ...settings };
  const { host: _host, url: _url, startup_nodes: _nodes, sentinel_nodes: _sentinels, ...rest } = env;
  return { ...rest, ...settings };
}

function namesTarget(settings: RedisSettings): boolean {
  return [
    settings.host,
    settings.url,
    settings.startup_nodes,
    settings.redis_startup_nodes,
    settings.sentinel_nodes,
  ].some((one) => one !== undefined);
}

function chosen(settings: RedisSettings, source: Source | undefined, input: RedisInput): ChosenRedis | null {
  const at =
    source === undefined
      ? ofEnvironment
      : { file: input.findings.file, location: source.node.location, path: source.path };
  const tls = readTls(settings, at, input);
  const file = readPasswordFile(source, input);
  const target = tls === 'wrong' || file === 'wrong' ? null : targetOf(settings, { tls, passwordFile: file.path });
  if (target === 'no-service-name') {
    const expected = 'the master name that the sentinels use';
    addProblem(input.findings, { ...at, path: pathOf(at, 'service_name'), is: 'is missing', expected });
    return null;
  }
  if (target?.kind === 'url' && file !== 'wrong') {
    noteBesideUrl(settings, { source, passwordFile: file.path, findings: input.findings });
  }
  if (target === null || settings.namespace === undefined) return target && { target };
  const location = child(source?.node, 'namespace')?.location ?? at.location;
  return { target, namespace: { name: settings.namespace, location, path: pathOf(at, 'namespace') } };
}

interface At {
  readonly file: string;
  readonly location: SourceLocation;
  readonly path: Path;
}

const ofEnvironment: At = { file: ENVIRONMENT, location: nowhere, path: [] };

function pathOf(at: At, key: string): Path {
  return at === ofEnvironment ? [`REDIS_${key.toUpperCase()}`] : [...at.path, key];
}

function targetOf(
  settings: RedisSettings,
  { tls, passwordFile }: { tls: RedisTls | undefined; passwordFile: string | undefined },
): RedisTarget | 'no-service-name' | null {
  const {
    username,
    password,
    db,
    url,
    host,
    sentinel_nodes: sentinels,
    service_name: name,
    sentinel_password: sentinelPassword,
  } = settings;
  const encrypted = tls !== undefined && { tls };
  const user = {
    ...(username !== undefined && { username }),
    ...(passwordFile !== undefined ? { passwordFile } : password !== undefined && { password }),
    ...encrypted,
  };
  const login: RedisLogin = { ...user, ...(db !== undefined && { db }) };
  const nodes = settings.startup_nodes ?? settings.redis_startup_nodes;
  if (nodes !== undefined) return { kind: 'cluster', nodes, ...user };
  if (sentinels !== undefined) {
    if (name === undefined) return 'no-service-name';
    return { kind: 'sentinel', sentinels, name, ...(sentinelPassword !== undefined && { sentinelPassword }), ...login };
  }
  if (url !== undefined) {
    const address = tls === undefined ? url : url.replace(/^redis:/, 'rediss:');
    // Values in the URL take precedence; the connection parses it.
    const besideIt = {
      ...(username !== undefined && { username }),
      ...(passwordFile !== undefined && { passwordFile }),
    };
    return { kind: 'url', url: address, ...besideIt, ...encrypted };
  }
  return host === undefined ? null : { kind: 'single', host, port: settings.port ?? 6379, ...login };
}

function readTls(settings: RedisSettings, at: At, input: RedisInput): RedisTls | undefined | 'wrong' {
  if (settings.ssl !== true && !settings.url?.startsWith('rediss:')) return undefined;
  const verify = /none$/i.test(settings.ssl_cert_reqs ?? '')
    ? 'none'
    : settings.ssl_check_hostname === false
      ? 'chain'
      : 'full';
  const files = pemKeys.map((name) => readPem(settings, name, { at, input }));
  if (files.includes('wrong')) return 'wrong';
  const [ca, certificate, key] = files.map((file) => (file === 'wrong' ? undefined : file.text));
  if (certificate === undefined && key !== undefined) {
    const is = 'is set without ssl_certfile';
    addProblem(input.findings, { ...at, path: pathOf(at, 'ssl_keyfile'), is, expected: 'both, or neither' });
    return 'wrong';
  }
  // One file may hold both.
  const client = certificate !== undefined && { client: { certificate, key: key ?? certificate } };
  return { verify, ...(ca !== undefined && { ca }), ...client };
}

const pemKeys = ['ssl_ca_certs', 'ssl_certfile', 'ssl_keyfile'] as const;
const pemExpected: Readonly<Record<(typeof pemKeys)[number], string>> = {
  ssl_ca_certs: 'the path of a file with PEM certificates',
  ssl_certfile: 'the path of a file with a PEM certificate',
  ssl_keyfile: 'the path of a file with a PEM key',
};

function readPem(
  settings: RedisSettings,
  name: (typeof pemKeys)[number],
  { at, input }: { readonly at: At; readonly input: RedisInput },
): { readonly text: string | undefined } | 'wrong' {
  const file = settings[name];
  try {
    return { text: file === undefined ? undefined : input.readFile(file) };
  } catch {
    const is = 'names a file that cannot be read';
    addProblem(input.findings, { ...at, path: pathOf(at, name), is, expected: pemExpected[name] });
    return 'wrong';
  }
}

/** The path of the password file. Checked for readability now; read at each connection. */
function readPasswordFile(
  source: Source | undefined,
  { root, passwordFile, env, readFile, findings }: RedisInput,
): { readonly path: string | undefined } | 'wrong' {
  // A password in the configuration file overrides REDIS_PASSWORD_FILE; REDIS_PASSWORD does not.
  const path = passwordFile ?? (source?.settings.password === undefined ? env.password_file : undefined);
  if (path === undefined) return { path };
  try {
    readFile(path);
    return { path };
  } catch {
    const where =
      passwordFile === undefined
        ? { ...ofEnvironment, path: pathOf(ofEnvironment, 'password_file') }
        : { location: follow(root, keyPath).location, path: keyPath };
    const expected = 'the path of a file with the password';
    addProblem(findings, { ...where, is: 'names a file that cannot be read', expected });
    return 'wrong';
  }
}

const keyPath: Path = ['fleet_health', 'redis_password_file'];

const cloudIdentity = ['gcp_service_account', 'aws_iam_auth', 'azure_redis_ad_token'];

/** A Redis with cloud authentication will reject the pod; this note gives the reason. */
function noteCloudIdentity({ node, path }: Source, findings: Findings): void {
  for (const key of cloudIdentity) {
    const value = child(node, key);
    if (value === undefined || (value.kind === 'scalar' && value.value === false)) continue;
    const is = 'is not supported: set a password or redis_password_file, or Redis will reject this pod';
    addNote(findings, 'warn', { location: value.location, path: [...path, key], is });
  }
}

/**
 * Notes a password or database that has no effect because `url` is set, as in LiteLLM. A user counts if the URL has none.
 * Without the note, a rejected login would be hard to explain.
 */
function noteBesideUrl({ url, password, db }: RedisSettings, { source, passwordFile, findings }: BesideUrl): void {
  const parsed = url !== undefined && URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined) return;
  const lost = (key: 'password' | 'db'): void => {
    const node = child(source?.node, key);
    const is = 'is ignored because url is set: write it into the URL';
    if (source !== undefined && node !== undefined) {
      addNote(findings, 'warn', { location: node.location, path: [...source.path, key], is });
    } else {
      const location = { ...nowhere, file: ENVIRONMENT };
      addNote(findings, 'warn', { location, path: [`REDIS_${key.toUpperCase()}`], is });
    }
  };
  if (password !== undefined && passwordFile === undefined && parsed.password === '') lost('password');
  const inUrl = parsed.searchParams.get('db') ?? parsed.pathname.slice(1);
  if (db !== undefined && db !== Number(inUrl)) lost('db');
}

interface BesideUrl {
  /** The block of the file; absent if only the environment is used. */
  readonly source: { readonly node: Node; readonly path: Path } | undefined;
  readonly passwordFile: string | undefined;
  readonly findings: Findings;
}
