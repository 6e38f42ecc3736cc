import type { StoreTime } from '../../health/index.ts';
import { isoOf } from '../times.ts';
import type { Basis } from '../up/doubt.ts';
import { takesTraffic } from '../up/up.ts';
import type { Up } from '../up/up.ts';
import { stateWords } from './state-words.ts';
import type { StateWords } from './state-words.ts';

/** State of a group in words, which never says `up` alone where that is not known. */
export function shownState(up: Up, { doubt, evidenceAt }: Basis): StateWords {
  const plain = stateWords[up];
  if (doubt === null) return plain;
  if (doubt === 'held-up') {
    const { look, colour } = stateWords.degraded;
    return { symbol: '!', word: 'held up by an operator, probes fail', look, colour };
  }
  const since = evidenceAt === null ? '' : ` as of ${minuteText(evidenceAt)}`;
  const why = doubt === 'paused' ? 'probing is paused' : 'no newer evidence';
  const { symbol, look, colour } = takesTraffic(up) ? stateWords.unknown : plain;
  return { symbol, word: `${plain.word}${since}, ${why}`, look, colour };
}

/** A time for people, such as `2026-11-22 11:57 UTC`. */
export function minuteText(at: StoreTime): string {
  return `${isoOf(at).slice(0, 16).replace('T', ' ')} UTC`;
}
