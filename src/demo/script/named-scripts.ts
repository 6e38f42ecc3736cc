/** Scripts that `--script` knows by name. */
export const namedScripts: Readonly<Record<string, string>> = {
  /** One trouble after the other, each with time to be seen: under two minutes. */
  drama: [
    't=10 kill-prober',
    't=22 fail gpt-4o',
    't=34 bring-back gpt-4o',
    't=42 cut-network',
    't=54 bring-back network',
    't=70 stop-redis',
    't=86 bring-back redis',
    't=92 hang-redis',
    't=106 bring-back redis',
  ].join('; '),
};
