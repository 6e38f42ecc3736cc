import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { cloudProber } from '../support/cloud-prober.ts';
import { closingServers, json, startStrictServer } from '../support/strict-server.ts';

// The probes of the clouds, compared with what the vendors' own clients send for the same question. They were recorded by
// clients/record.py, whose text says how; the file names their versions.

closingServers();

interface Recorded {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>>;
}

const { requests } = JSON.parse(readFileSync('test/golden/clients/recorded.json', 'utf8')) as {
  readonly requests: Readonly<Record<string, Recorded>>;
};

const keys = { aws_access_key_id: 'AKIDEXAMPLE', aws_secret_access_key: 'secret', aws_session_token: 'session' };
const aws = { ...keys, aws_region_name: 'us-east-1' };
const google = {
  vertex_location: 'europe-west4',
  vertex_project: 'the-project',
  vertex_credentials: { type: 'authorized_user', client_id: 'c', client_secret: 's', refresh_token: 'r' },
};

const cases: readonly (readonly [name: string, params: Readonly<Record<string, unknown>>])[] = [
  ['bedrock converse', { model: 'bedrock/us.anthropic.claude-sonnet-4-5-20250929-v1:0', ...aws }],
  ['bedrock embedding', { model: 'bedrock/amazon.titan-embed-text-v2:0', ...aws }],
  ['vertex gemini', { model: 'vertex_ai/gemini-2.5-flash', ...google }],
  ['vertex embedding', { model: 'vertex_ai/text-embedding-005', ...google }],
  ['vertex claude', { model: 'vertex_ai/claude-sonnet-4-5@20250929', ...google }],
  ['azure chat', { model: 'azure/ours', azure_ad_token: 'token' }],
];

it.each(cases)("the probe of %s is the request of the vendor's client", async (name, params) => {
  const recorded = requests[name];
  if (recorded === undefined) throw new Error('not recorded');
  const server = await startStrictServer(({ path }) =>
    path === '/token' ? json(200, { access_token: 'token' }) : json(500, {}),
  );
  const { vertex_credentials: file } = params;
  const login = file === undefined ? {} : { vertex_credentials: { ...file, token_uri: `${server.url}/token` } };
  const asked = { ...params, ...login, api_base: server.url };
  await cloudProber({ params: asked }).probe();
  const sent = server.requests.find(({ path }) => path !== '/token');
  const body = JSON.parse(sent?.body ?? '') as Readonly<Record<string, unknown>>;
  expect(`${sent?.path}${sent?.query ? `?${sent.query}` : ''}`).toBe(recorded.path);
  expect(comparable(body)).toEqual(comparable(recorded.body));
  for (const header of Object.keys(recorded.headers)) {
    expect(shapeOf(sent?.headers[header]), header).toBe(shapeOf(recorded.headers[header]));
  }
});

/** Either of LiteLLM's two questions; and the version of Claude's API, which is LiteLLM's in a probe. */
function comparable({ anthropic_version: version, ...body }: Readonly<Record<string, unknown>>): unknown {
  const text = JSON.stringify({ ...body, ...(version !== undefined && { anthropic_version: 'any' }) });
  return JSON.parse(text.replace("Hey how's it going?", "What's 1 + 1?"));
}

/** Without what differs from second to second, and without a header that boto3 signs for embeddings alone. */
function shapeOf(value: string | undefined): string | undefined {
  return value
    ?.replace(/Signature=[0-9a-f]{64}/, 'Signature=…')
    .replace(/\d{8}T\d{6}Z/, 'time')
    .replace(/\/\d{8}\//, '/day/')
    .replace('SignedHeaders=accept;', 'SignedHeaders=');
}
