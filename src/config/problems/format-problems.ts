import type { ConfigNote, Problem, RefusedConfig } from '../types.ts';

/** Problems of a refused configuration, one per line, then its warnings with a line number, which may explain a problem. */
export function formatRefusal({ problems, notes }: Pick<RefusedConfig, 'problems' | 'notes'>): string {
  const slips = notes.filter(({ level, line }) => level === 'warn' && line > 0);
  return [formatProblems(problems), ...slips.map((note) => `${at(note)}: warning: ${note.message}`)].join('\n');
}

/**
 * Problems for a terminal, one a line, in the form that editors make clickable.
 *
 * @example
 * // proxy_config.yaml:7:3: ALLSWELL_ERR_CONFIG_INVALID: general_settings.health_check_interval is text (expected …)
 */
export function formatProblems(problems: readonly Problem[]): string {
  return problems.map((problem) => `${at(problem)}: ${problem.code}: ${problem.message}${wanted(problem)}`).join('\n');
}

/** A note as a log line; the logger adds the level. */
export function formatNote(note: ConfigNote): string {
  return `${at(note)}: ${note.message}`;
}

function at({ file, line, column }: Problem | ConfigNote): string {
  return line === 0 ? file : `${file}:${line}:${column}`;
}

function wanted({ expected }: Problem): string {
  return expected === '' ? '' : ` (expected ${expected})`;
}
