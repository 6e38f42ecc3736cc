export { activeCallbacks, license } from './constant-bodies.ts';
export { errorLine } from './error-line.ts';
export { dateRepr, dateText, readDate } from './python-date.ts';
export type { PythonDate } from './python-date.ts';
export { checkedByOf, fingerprintOf, litellmKeys, lockOwnerOf, namespaced } from './redis-keys.ts';
export type { LitellmKeys } from './redis-keys.ts';
export { wildcardSegments } from './wildcards.ts';
export { COOLDOWN_MARK, cooldownKey, cooldownText, readCooldown } from './cooldown.ts';
