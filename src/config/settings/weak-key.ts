/** Shorter keys can be found by trying, at the rate at which a pod answers. */
const FEWEST_CHARACTERS = 16;
/** A key of random hexadecimal digits has about 10 of them. */
const FEWEST_DIFFERENT = 6;

/** Common words in example keys, which attackers try first; with or without `sk-`, digits and repetition. */
const placeholder =
  /^(sk)?(my|your|the|a|some|new|litellm|allswell|proxy|super|very|openai|llm)*(1234\d*|test|testing|demo|dev|example|sample|dummy|fake|foo|bar|changeme|replaceme|change|todo|secret|password|passwort|passwd|master|masterkey|key|keyhere|here|apikey|token|admin|root|default|none|null|undefined|x{3,}|qwerty)+\d*$/i;

/**
 * Why a master key is unusable or weak; undefined for a good one. Never contains the key.
 *
 * @example
 * weaknessOf('sk-1234')?.kind // 'weak'
 */
export function weaknessOf(key: string): Weakness | undefined {
  if (/\s/.test(key)) {
    return { kind: 'unusable', is: 'contains white space: no client can send it as Authorization: Bearer' };
  }
  if (!/^[\x21-\x7e]*$/.test(key)) {
    return {
      kind: 'unusable',
      is: 'contains characters beyond ASCII or control characters: an HTTP header cannot carry it',
    };
  }
  if (placeholder.test(key.replaceAll(/[-_.:/<>{}[\]()$]/g, ''))) {
    return { kind: 'weak', is: 'is a common placeholder: anyone can guess it' };
  }
  if (key.length < FEWEST_CHARACTERS) {
    return { kind: 'weak', is: `has fewer than ${FEWEST_CHARACTERS} characters: it can be guessed` };
  }
  if (new Set(key).size < FEWEST_DIFFERENT) {
    return { kind: 'weak', is: `repeats fewer than ${FEWEST_DIFFERENT} characters: it can be guessed` };
  }
  return undefined;
}

export interface Weakness {
  /** `unusable`: no client can ever present it. */
  readonly kind: 'weak' | 'unusable';
  /** The reason. */
  readonly is: string;
}
