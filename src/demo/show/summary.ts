import { counted } from '../../health/index.ts';
import type { Snapshot } from '../observe/snapshot.ts';
import { fleetSpendWords, pricesWords } from './money-words.ts';
import { clockOf, dollarsOf } from './words.ts';

/** The last lines of a demo: its probes and savings. */
export function summaryLines(shot: Snapshot): string[] {
  const { probes, money, fleetSpend, pods, targets, intervalMs, elapsedMs } = shot;
  const factors = `${counted(pods.length, 'pod')} × ${counted(targets.length, 'target')}`;
  const rate = probes.rate === null ? '' : ` (recently ${probes.rate.toFixed(2)} per target and interval)`;
  const rows = [
    ['Probes the upstream counted', `${probes.counted}${rate}`],
    ['Independent pods would have sent', `${probes.independent} (${factors}, every ${intervalMs / 1000} s)`],
    ['Saved', `${dollarsOf(money.savedUsd)} ${pricesWords(shot)} (${dollarsOf(money.monthlyUsd)} a month)`],
    ['Spent', `${dollarsOf(money.spentUsd)}; both assume that every probe is answered`],
    ...(fleetSpend === null
      ? []
      : [["Saved by the fleet's own count", `${fleetSpendWords(fleetSpend)}, of answered probes`]]),
  ];
  return [`After ${clockOf(elapsedMs)}:`, ...rows.map(([name = '', value = '']) => `  ${name.padEnd(34)}${value}`)];
}
