export type { Behaviour, PortFault } from './behaviour.ts';
export type { ControlOrder } from './control.ts';
export type { CallStats, ModelStats, SeenRequest, UpstreamStats } from './counts.ts';
export type { TlsFiles } from './listener.ts';
export { remoteMockUpstream } from './remote.ts';
export type { RemoteMockUpstream } from './remote.ts';
export { startMockUpstream } from './start.ts';
export type { MockUpstream, MockUpstreamOptions, SeenCall } from './mock-upstream.ts';
