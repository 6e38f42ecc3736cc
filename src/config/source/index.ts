export { hasSecretManager, resolveEnvRefs } from './env-refs.ts';
export { readEnvironment, readTrafficEnvironment } from './environment.ts';
export type { Environment, RedisVariables, TrafficEnvironment } from './environment.ts';
export { withFileVariables } from './file-variables.ts';
export { addIncluded, readText } from './include.ts';
export { readConfigFile } from './read-config-file.ts';
export { readTree } from './read-tree.ts';
