/** Words and phrases that the glossary replaces, or that make a machine a person. */
export const STOP_LIST: readonly RegExp[] = [
  /\b(?:nobody|somebody|whoever)\b/i,
  /\bvouch(?:es|ed|ing)?\b/i,
  /\bbelie(?:ve|ves|ved|ving)\b/i,
  /\b(?:time|pause) is over\b/i,
  /\bin the same breath\b/i,
  /\bstands? alone\b/i,
  /\b(?:is|are|was|were) told\b/i,
  /\btells? of\b/i,
  /\bnext to nothing\b/i,
  /\bheld no longer\b/i,
  /\bbut for what\b/i,
  /\b(?:purse|tally|roster|footing|wary|glances?|look(?:s|ing|ed)? around|eavesdrop)\b/i,
  /\bfree (?:look|check)s?\b/i,
  /\bset aside\b/i,
  /\b(?:policy|targets) prints?\b/i,
];
