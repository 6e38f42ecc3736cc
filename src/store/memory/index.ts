export {
  memoryFleet,
  type FleetKey,
  type MemoryFleet,
  type MemoryFleetOptions,
  type MemorySnapshot,
} from './memory-fleet.ts';
export type { Schedule } from './channel.ts';
export { memoryBridge, type MemoryBridge, type MemoryBridgeOptions } from './memory-bridge.ts';
