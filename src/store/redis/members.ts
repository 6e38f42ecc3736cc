import type { PodId, StoreTime } from '../../health/index.ts';
import type {
  HeartbeatAnswer,
  HeartbeatInput,
  StoreAnswer,
  TargetsInput,
  TargetsKnown,
  TargetsPiece,
} from '../../ports/index.ts';
import {
  byPod,
  LONGEST_MEMBERSHIP_MS,
  memberFrom,
  pieceFrom,
  pieceText,
  stampFrom,
  wholeMs,
  wholeStamp,
} from '../format/index.ts';
import { KEYS_LIFE_MS } from './keys.ts';
import { rowsOf } from './reply.ts';
import type { Runner } from './runner.ts';

export function heartbeat(
  runner: Runner,
  { info, ttlMs, notAfter }: HeartbeatInput,
): Promise<StoreAnswer<HeartbeatAnswer>> {
  const times = [String(LONGEST_MEMBERSHIP_MS), String(KEYS_LIFE_MS)];
  const self = [info.pod, String(wholeMs(ttlMs)), JSON.stringify(info), info.targetsPrint];
  return runner.run('heartbeat', [String(wholeStamp(notAfter)), ...self, ...times], ([known, ...members]) => ({
    members: rowsOf(members, 2)
      .flatMap(([pod = '', json = '']) => memberFrom(pod, json) ?? [])
      .toSorted(byPod),
    targets: knownFrom(known),
  }));
}

export function leave(runner: Runner, pod: PodId, notAfter: StoreTime): Promise<StoreAnswer<null>> {
  return runner.run('leave', [String(wholeStamp(notAfter)), pod], () => null);
}

export function writeTargets(runner: Runner, input: TargetsInput): Promise<StoreAnswer<TargetsKnown>> {
  const { pod, notAfter, targetsPrint, piece, pieces, targets } = input;
  const args = [String(wholeStamp(notAfter)), pod, targetsPrint, String(piece), String(pieces), pieceText(targets)];
  return runner.run('write-targets', args, ([known]) => knownFrom(known));
}

export function readTargets(runner: Runner, print: string, piece: number): Promise<StoreAnswer<TargetsPiece | null>> {
  return runner.run('read-targets', [print, String(piece)], ([number, text]) => {
    const pieces = stampFrom(number);
    const targets = pieceFrom(text);
    return pieces === undefined || targets === null ? null : { pieces, targets };
  });
}

function knownFrom(text: string | undefined): TargetsKnown {
  return text === 'known' ? 'known' : 'unknown';
}
