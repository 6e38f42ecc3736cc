export { secretsOf } from './of-config.ts';
export { secretsOfTarget, withoutScheme } from './of-target.ts';
export { isSecretName } from './secret-name.ts';
export { blankSuspicious } from './suspicious.ts';
