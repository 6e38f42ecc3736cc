import { counted } from '../../health/index.ts';
import type { Snapshot } from '../observe/snapshot.ts';
import { plainPaint } from '../../terminal/index.ts';
import { summaryLines } from './summary.ts';
import { targetLines } from './target-lines.ts';
import type { Output, View } from './view.ts';
import { dollarsOf, lostWords, timeOfDay } from './words.ts';
import { paintLine } from './line.ts';

const EVERY_MS = 10_000;
const TABLE_WIDTH = 90;

/**
 * Lines without a terminal: the table once all targets are judged, each event, and a line of figures every ten seconds.
 */
export function plainView(output: Output): View {
  let nextMs = EVERY_MS;
  let table: 'due' | 'shown' = 'due';
  let isOpen = true;
  const say = (line: string): void => void output.write(`${line}\n`);
  const showTable = (shot: Snapshot): void => {
    for (const spans of targetLines(shot, TABLE_WIDTH)) say(paintLine(spans, TABLE_WIDTH, plainPaint).trimEnd());
  };
  return {
    show(shot, news) {
      if (table === 'due' && shot.targets.every(({ state }) => state !== 'unknown')) {
        showTable(shot);
        table = 'shown';
      }
      for (const { atMs, kind, text } of news) say(`${timeOfDay(atMs)} ${kind === 'order' ? '▶ ' : ''}${text}`);
      if (shot.elapsedMs < nextMs) return;
      nextMs = shot.elapsedMs + EVERY_MS;
      say(`${timeOfDay(shot.atMs)} ${figures(shot)}`);
    },
    close(last) {
      if (isOpen && last !== undefined) {
        showTable(last);
        for (const line of summaryLines(last)) say(line);
      }
      isOpen = false;
    },
  };
}

/** One line with the state of all targets and pods. */
function figures({ probes, requests, targets, pods, money, probing }: Snapshot): string {
  const states = new Map<string, number>();
  for (const { state, hold } of targets) {
    const word = hold === null ? state : `${state} (${hold})`;
    states.set(word, (states.get(word) ?? 0) + 1);
  }
  const judged = [...states].map(([state, count]) => `${count} ${state}`).join(', ');
  const modes = new Map<string, number>();
  for (const { life, self } of pods) {
    const word = life !== 'running' ? 'down' : self?.impaired === true ? 'impaired' : (self?.mode ?? 'silent');
    modes.set(word, (modes.get(word) ?? 0) + 1);
  }
  const shown = [...modes].map(([mode, count]) => `${count} ${mode}`).join(', ');
  const counts = `${counted(probes.counted, 'probe')}, ${probes.independent} by independent pods`;
  const met = `${counted(requests.answered, 'request')} answered, ${requests.failed} failed${lostWords(requests)}`;
  return `${counts} · ${met} · saved ${dollarsOf(money.savedUsd)} · targets: ${judged} · pods: ${shown}${probing === 'paused' ? ' · probing is paused' : ''}`;
}
