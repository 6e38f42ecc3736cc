import type { ConfigNote, Problem, RefusedConfig } from '../types.ts';

/** Why a configuration was refused, one thing a line: its problems, then warnings of lines, for a slip may be behind them. */
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

/** A note as a log line; the level is the logger's business. */
export function formatNote(note: ConfigNote): string {
  return `${at(note)}: ${note.message}`;
}

function at({ file, line, column }: Problem | ConfigNote): string {
  return line === 0 ? file : `${file}:${line}:${column}`;
}

function wanted({ expected }: Problem): string {
  return expected === '' ? '' : ` (expected ${expected})`;
}
