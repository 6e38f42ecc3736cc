import { counted } from '../../health/index.ts';
import type { Snapshot } from '../observe/snapshot.ts';
import { cell, rightCell, span, wrap } from './line.ts';
import type { Span } from './line.ts';
import { fleetSpendWords, pricesWords } from './money-words.ts';
import { dollarsOf, lostWords } from './words.ts';

const LABEL = 32;
const NUMBER = 7;
const WIDEST_BAR = 70;

/** The comparison: probes made, probes of independent pods, and the money saved. */
export function scoreLines(shot: Snapshot, width: number): Span[][] {
  const { probes, requests, money, fleetSpend, pods, targets, intervalMs } = shot;
  const barRoom = Math.max(0, Math.min(width - LABEL - NUMBER - 2, WIDEST_BAR));
  const most = Math.max(probes.counted, probes.independent, 1);
  const bar = (count: number): string => '█'.repeat(Math.round((count / most) * barRoom));
  const factors = `${counted(pods.length, 'pod')} × ${counted(targets.length, 'target')}`;
  const rate = probes.rate === null ? '' : ` · ${probes.rate.toFixed(2)} per target and interval`;
  return [
    [
      cell('Probes the upstream counted', LABEL, 'strong'),
      rightCell(String(probes.counted), NUMBER, 'strong'),
      span(`  ${bar(probes.counted)}`, 'good'),
    ],
    [
      cell('Independent pods would have sent', LABEL),
      rightCell(String(probes.independent), NUMBER),
      span(`  ${bar(probes.independent)}`, 'bad'),
    ],
    [span(`  = ${factors}, each when the pod starts and every ${intervalMs / 1000} s`, 'faint')],
    [
      span('Saved '),
      span(dollarsOf(money.savedUsd), 'good'),
      span(` (${dollarsOf(money.monthlyUsd)} a month), spent ${dollarsOf(money.spentUsd)}${rate}`),
    ],
    ...wrap(
      `${pricesWords(shot)}${fleetSpend === null ? '' : `; the fleet's own count: ${fleetSpendWords(fleetSpend)}`}`,
      width - 2,
      '',
    ).map((line) => [span(`  ${line}`, 'faint')]),
    [
      span('Requests '),
      span(`${requests.answered} answered`, 'good'),
      span(`, ${requests.failedOver} after failover, `),
      span(`${requests.failed} failed`, requests.failed > 0 ? 'bad' : 'plain'),
      span(`${lostWords(requests)} · replaced ${counted(requests.replacedProbes, 'probe')}`),
    ],
  ];
}
