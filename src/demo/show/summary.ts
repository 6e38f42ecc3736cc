import { counted } from '../../health/index.ts';
import type { RequestShot, Snapshot } from '../observe/snapshot.ts';
import { fleetSpendWords, pricesWords } from './money-words.ts';
import { clockOf, dollarsOf, lostWords } from './words.ts';

/** The last lines of a demo: its probes and savings. */
export function summaryLines(shot: Snapshot): string[] {
  const { probes, requests, money, fleetSpend, pods, targets, intervalMs, elapsedMs } = shot;
  const factors = `${counted(pods.length, 'pod')} × ${counted(targets.length, 'target')}`;
  const rate = probes.rate === null ? '' : ` (recently ${probes.rate.toFixed(2)} per target and interval)`;
  const rows = [
    ['Probes the upstream counted', `${probes.counted}${rate}`],
    ['Independent pods would have sent', `${probes.independent} (${factors}, every ${intervalMs / 1000} s)`],
    ['Requests of clients', requestWords(requests)],
    ['Probes replaced by requests', `${requests.replacedProbes}, by the pods' estimate`],
    ['Saved', `${dollarsOf(money.savedUsd)} ${pricesWords(shot)} (${dollarsOf(money.monthlyUsd)} a month)`],
    ['Spent', `${dollarsOf(money.spentUsd)}; both assume that every probe is answered`],
    ...(fleetSpend === null
      ? []
      : [["Saved by the fleet's own count", `${fleetSpendWords(fleetSpend)}, of answered probes`]]),
  ];
  return [`After ${clockOf(elapsedMs)}:`, ...rows.map(([name = '', value = '']) => `  ${name.padEnd(34)}${value}`)];
}

function requestWords(requests: RequestShot): string {
  const { answered, failedOver, failed } = requests;
  return `${answered} answered, ${failedOver} of them after failover; ${failed} failed${lostWords(requests)}`;
}
