import { createHash } from 'node:crypto';
import type { TargetConfig } from '../config/index.ts';
import { probeRequestOf } from './probe-request-of.ts';

/**
 * Hash of what a target is asked by: equal for two pods that ask alike, another one as soon as the configuration asks otherwise.
 * Made of what may be shown: a hash of a secret in a record would be one more way to guess it.
 */
export function bodyHashOf(target: TargetConfig): string {
  const { wire, mode, apiVersion = null } = target;
  const parts = ['body 1', wire, mode, apiVersion, probeRequestOf(target).raw_request_body];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 12);
}
