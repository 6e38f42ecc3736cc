export { newPodId } from './pod-id.ts';
export { steadyEpochUs, systemClock } from './system-clock.ts';
export { systemRandom } from './system-random.ts';
