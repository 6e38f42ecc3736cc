import { parse } from 'yaml';

export interface RedactedConfig {
  /** The file's structure with numbers, switches and names of models; of every other text only that there was one. */
  readonly shown: unknown;
  /** Every text that was left out, to be taken out of all other parts as well. */
  readonly secrets: readonly string[];
}

const LEFT_OUT = '[removed]';

/** Keys whose texts are shown. A list of what may be seen, not of what must be hidden: new keys are hidden. */
const shownKeys: ReadonlySet<string> = new Set(
  'model_name model mode type level provider base_model health_check_model routing_strategy'.split(' '),
);

/** Redacts a configuration so that it may be given to outsiders. */
export function redactConfig(text: string): RedactedConfig {
  const secrets: string[] = [];
  const walk = (value: unknown, key: string): unknown => {
    if (Array.isArray(value)) return value.map((item) => walk(item, key));
    if (typeof value === 'object' && value !== null) {
      return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, walk(inner, name)]));
    }
    if (typeof value === 'number') return hidesNumber(key) ? hide(String(value)) : value;
    if (typeof value !== 'string') return value;
    return shownKeys.has(key) || /^os\.environ\/[A-Za-z_]\w*$/.test(value) ? value : hide(value);
  };
  const hide = (secret: string): string => {
    secrets.push(secret, ...userInfo(secret));
    return LEFT_OUT;
  };
  return { shown: walk(parsed(text), ''), secrets };
}

/** A password made of digits is a number to YAML. */
function hidesNumber(key: string): boolean {
  return /key|token|secret|passw|auth|user/i.test(key) && !/tokens/i.test(key);
}

function userInfo(text: string): readonly string[] {
  if (!URL.canParse(text)) return [];
  const { username, password, searchParams } = new URL(text);
  return [username, password, ...searchParams.values()].filter((part) => part !== '');
}

/** Of a file that is no YAML nothing can be shown: who knows what stands where. */
function parsed(text: string): unknown {
  try {
    return parse(text, { logLevel: 'silent' }) as unknown;
  } catch {
    return 'not valid YAML';
  }
}
