import { counted } from '../../health/index.ts';
import type { PodShot, Snapshot } from '../observe/snapshot.ts';
import { cell, span } from './line.ts';
import type { Span } from './line.ts';
import type { Look } from '../../terminal/index.ts';

const FULL_ROWS = 5;
const SMALL_CELL = 19;

/** One line per pod; many pods share lines. */
export function podLines({ pods }: Snapshot, width: number): Span[][] {
  return pods.length <= FULL_ROWS ? pods.map(fullLine) : smallLines(pods, width);
}

function fullLine(pod: PodShot): Span[] {
  const { word, look } = inAWord(pod);
  const probes = pod.probes === null ? '' : counted(pod.probes, 'probe').padEnd(10);
  return [
    span('● ', look),
    cell(pod.name, 7, 'strong'),
    cell(word, 13, look === 'good' ? 'plain' : look),
    span(probes, 'faint'),
    span(detailOf(pod), 'wary'),
  ];
}

function detailOf({ network, failingOnlyHere }: PodShot): string {
  const parts = [
    ...(network === 'cut' ? ['network cut'] : []),
    ...(failingOnlyHere > 0 ? [`${counted(failingOnlyHere, 'target')} unreachable only here`] : []),
  ];
  return parts.length === 0 ? '' : `  ${parts.join(', ')}`;
}

function smallLines(pods: readonly PodShot[], width: number): Span[][] {
  const perLine = Math.max(1, Math.floor(width / SMALL_CELL));
  const cells = pods.map((pod): Span[] => {
    const { word, look } = inAWord(pod);
    return [span('● ', look), cell(`${pod.name.replace('pod ', '').padStart(2)} ${word}`, SMALL_CELL - 2)];
  });
  return Array.from({ length: Math.ceil(cells.length / perLine) }, (_, i) =>
    cells.slice(i * perLine, (i + 1) * perLine).flat(),
  );
}

function inAWord({ life, backInMs, self, network }: PodShot): { word: string; look: Look } {
  if (life === 'starting') return { word: 'starting', look: 'busy' };
  if (life === 'down') {
    return { word: backInMs === null ? 'down' : `back in ${Math.ceil(backInMs / 1000)} s`, look: 'bad' };
  }
  if (self === null) return { word: 'silent', look: 'wary' };
  if (self.impaired) return { word: 'impaired', look: 'bad' };
  if (self.mode === 'fallback') return { word: 'fallback', look: 'wary' };
  return { word: self.mode, look: network === 'cut' ? 'wary' : 'good' };
}
