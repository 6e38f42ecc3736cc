export { newPodId } from './pod-id.ts';
export { steadyEpochUs, systemClock } from './system-clock.ts';
export { systemRandom } from './system-random.ts';
export { faultClassOf, faultMessageOf } from './network-fault.ts';
export type { FaultClass, Phase, UpstreamFault } from './network-fault.ts';
