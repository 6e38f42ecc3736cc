/**
 * A count and its noun.
 *
 * @example
 * counted(1, 'pod') // '1 pod'
 * counted(0, 'good probe') // '0 good probes'
 */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
