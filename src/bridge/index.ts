export type { Round } from './avoided.ts';
export { createBridge } from './bridge.ts';
export type { Bridge, BridgeOptions } from './bridge.ts';
export { composeDocument } from './document.ts';
export type { Composed, Vouching } from './document.ts';
export type { Vouched } from './vouched.ts';
export { leftMsOf } from './left.ts';
export { whyWithheld } from './lines.ts';
export { noBridge } from './view.ts';
