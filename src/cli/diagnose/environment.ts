/** What the bundle says of an environment: the names. What they hold is unwanted wherever it stands. */
export interface EnvironmentNames {
  readonly names: readonly string[];
  readonly secrets: readonly string[];
}

export function environmentNames(env: NodeJS.ProcessEnv): EnvironmentNames {
  const set = Object.entries(env).filter(([, value]) => value !== undefined && value !== '');
  return {
    names: set.map(([name]) => name).toSorted(),
    secrets: set.filter(([name, value = '']) => isSecret(name, value)).map(([, value = '']) => value),
  };
}

/** By its name; or by its looks, for names tell nothing for sure. Words and paths would take half the bundle with them. */
function isSecret(name: string, value: string): boolean {
  if (/key|token|secret|pass|pwd|cred|auth|dsn|cookie|salt|signature/i.test(name)) return true;
  return value.length >= 12 && !/\s/.test(value) && !/^[./~]/.test(value) && !/^[a-z-]+$/i.test(value);
}
