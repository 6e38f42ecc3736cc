export type { Round } from './avoided-probes.ts';
export { createBridge } from './bridge.ts';
export type { Bridge, BridgeOptions } from './bridge.ts';
export { composeDocument } from './document.ts';
export type { Composed, ComposeOptions } from './document.ts';
export type { Publishable } from './publishable.ts';
export { validForMsOf } from './validity.ts';
export { whyWithheld } from './bridge-log.ts';
export { noBridge } from './view.ts';
