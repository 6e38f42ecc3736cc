// What `allswell/testing` exports. Our own tests have more, from index.ts.
export { fakeFleet } from './fake-fleet.ts';
export type { FakeFleet, FakeState } from './fake-fleet.ts';
export { scriptedFetch } from './scripted-fetch.ts';
export type { ScriptedAnswer, ScriptedFetch, ScriptedRequest } from './scripted-fetch.ts';
export { startMockUpstream } from './mock-upstream/index.ts';
export type {
  Behaviour,
  CallStats,
  MockUpstream,
  MockUpstreamOptions,
  ModelStats,
  PortFault,
  SeenRequest,
  TlsFiles,
  UpstreamStats,
} from './mock-upstream/index.ts';
export { startRedisServer } from './redis-server/index.ts';
export type { RedisServer, RedisServerOptions } from './redis-server/index.ts';
