import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { formatNote, formatRefusal } from './problems/format-problems.ts';
import { loadConfig } from './load.ts';

// One file with every kind of value in it, all of them right.
const file = `
model_list:
  - model_name: one
    litellm_params:
      model: azure/one
      api_base: http://h:1/v1
      api_key: k
      api_version: v
      organization: o
      custom_llm_provider: azure
      extra_headers: { authorization: Bearer x, x-other: y }
      region_name: r
      input_cost_per_token: 0.1
      rpm: 3
      guardrails: []
      unknown_param: u
    model_info:
      id: i
      mode: chat
      base_model: gpt-4o
      health_check_timeout: 3
      health_check_model: azure/two
      health_check_max_tokens: 4
      health_check_reasoning_effort: low
      health_check_supports_max_tokens: true
      health_check_params: { api_base: http://h:2/v1, temperature: 1 }
      disable_background_health_check: false
  - model_name: bare
    litellm_params: { model: gpt-4o, litellm_credential_name: c }
credential_list:
  - { credential_name: c, credential_values: { api_key: k, api_base: http://h:3/v1 } }
general_settings:
  master_key: m
  background_health_checks: true
  use_shared_health_check: true
  health_check_interval: 30
  health_check_details: true
  health_check_concurrency: 3
  set_verbose: false
  allowed_ips: []
  coordination_redis: { host: h, port: 1, password: p, username: u, db: 0, namespace: n, ssl: false }
litellm_settings:
  cache: true
  callbacks: [prometheus]
  cache_params:
    type: redis
    url: redis://h
    redis_startup_nodes: [{ host: h, port: 1 }]
    sentinel_nodes: [[h, 1]]
    service_name: s
    sentinel_password: p
    ssl_ca_certs: c
    ssl_cert_reqs: none
router_settings: { num_retries: 1 }
fleet_health:
  fleet: f
  identity_secret: s
  rise: 1
  edge_interval: 5
  lease: 9
  concurrency: { total: 3, per_host: 1 }
  level: { mode: { chat: models }, model: { one: inference } }
  metrics_auth: key
  redis_password_file: p
  accept_ignored: [general_settings.allowed_ips]
environment_variables: { SOME: thing }
anything: { else: { of: theirs } }
`;

type Path = readonly (string | number)[];

const whole: unknown = parse(file);
const leaves: readonly Path[] = leavesOf(whole, []);

it('no secret is ever shown, wherever it is planted and whatever it breaks', { timeout: 60_000 }, () => {
  expect(leaves.length).toBeGreaterThan(60);
  const hidden = fc.stringMatching(/^[A-Za-z0-9+/=_#:@?&%-]{8,20}$/).map((text) => `S3CR3T${text}`);
  const wrapped = fc.constantFrom<(secret: string) => unknown>(
    (secret) => secret,
    (secret) => [secret],
    (secret) => ({ x: secret }),
    (secret) => `os.environ/${secret}-`,
    (secret) => `http://u:${secret}@h/v1?k=${secret}`,
    (secret) => `redis://u:${secret}@h`,
    (secret) => ` ${secret}\n${secret}`,
  );
  fc.assert(
    fc.property(fc.constantFrom(...leaves), hidden, wrapped, (path, secret, wrap) => {
      const loaded = loadConfig({
        text: stringify(planted(whole, path, wrap(secret))),
        env: {},
        readFile: () => 'PEM',
      });
      const shown =
        loaded.kind === 'refused'
          ? formatRefusal(loaded) + JSON.stringify(loaded)
          : loaded.notes.map(formatNote).join('\n') + JSON.stringify(loaded.notes);
      expect(shown.includes('S3CR3T') ? { path, shown } : 'hidden').toBe('hidden');
    }),
    { numRuns: 400 },
  );
});

it('no secret is shown when the line that holds it is broken', { timeout: 60_000 }, () => {
  const lines = file.split('\n');
  const breaks = fc.constantFrom<(line: string, secret: string) => string>(
    (line, secret) => line.replace(/:.*$/, `:${secret}`),
    (line, secret) => line.replace(/:.*$/, `: "${secret}`),
    (line, secret) => line.replace(/:.*$/, `: [${secret}`),
    (line, secret) => line.replace(/:.*$/, `: ${secret}: ${secret}`),
    (line, secret) => `${line}\n${secret}`,
    (line, secret) => `${line}\n\t${secret}: 1`,
    (line, secret) => `${line} &${secret} *${secret}`,
    (line, secret) => line.replace(/^\s*/, `$&!${secret} `),
  );
  fc.assert(
    fc.property(
      fc.nat({ max: lines.length - 1 }),
      fc.stringMatching(/^[A-Za-z0-9]{8,20}$/),
      breaks,
      (at, text, damage) => {
        const broken = lines.with(at, damage(lines[at] ?? '', `S3CR3T/${text}`)).join('\n');
        const loaded = loadConfig({ text: broken, env: {}, readFile: () => 'PEM' });
        const shown = JSON.stringify(loaded.kind === 'refused' ? loaded.problems : loaded.notes);
        expect(shown.includes(text) ? { broken: lines[at], shown } : 'hidden').toBe('hidden');
      },
    ),
    { numRuns: 400 },
  );
});

function leavesOf(value: unknown, path: Path): readonly Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  if (Array.isArray(value)) return value.flatMap((item, at) => leavesOf(item, [...path, at]));
  return Object.entries(value).flatMap(([key, inner]) => leavesOf(inner, [...path, key]));
}

function planted(value: unknown, [step, ...rest]: Path, secret: unknown): unknown {
  if (step === undefined) return secret;
  if (Array.isArray(value)) return value.map((item, at) => (at === step ? planted(item, rest, secret) : item));
  const entries = Object.entries(Object(value));
  return Object.fromEntries(entries.map(([key, inner]) => [key, key === step ? planted(inner, rest, secret) : inner]));
}
