import type { AllswellConfig } from '../config/index.ts';
import { createRedactor, secretsOf } from '../redaction/index.ts';
import type { Redact } from '../redaction/index.ts';

/** The secrets of every configuration so far, and their redaction. */
export interface KnownSecrets {
  readonly redact: Redact;
  add(config: AllswellConfig): void;
}

export function knownSecrets(config: AllswellConfig): KnownSecrets {
  const secrets = new Set(secretsOf(config));
  let redactAll = createRedactor(secrets);
  return {
    redact: (text) => redactAll(text),
    add: (next) => {
      for (const secret of secretsOf(next)) secrets.add(secret);
      redactAll = createRedactor(secrets);
    },
  };
}
