import type { PodId, StoreTime, TargetId } from '../../health/index.ts';
import type { HeartbeatAnswer, HeartbeatInput, StoreAnswer } from '../../ports/index.ts';
import {
  byPod,
  LONGEST_MEMBERSHIP_MS,
  memberFrom,
  targetListFrom,
  targetListText,
  wholeMs,
  wholeStamp,
} from '../format/index.ts';
import { KEYS_LIFE_MS } from './keys.ts';
import { rowsOf } from './reply.ts';
import type { Runner } from './runner.ts';

/** The target list travels only when the store does not have it: at thousands of targets it is the bulk of it all. */
export async function heartbeat(runner: Runner, input: HeartbeatInput): Promise<StoreAnswer<HeartbeatAnswer>> {
  const first = await beat(runner, input, '');
  if (first.kind !== 'ok' || first.value.list === 'known') return membersOf(first);
  return membersOf(await beat(runner, input, targetListText(input.targets)));
}

interface Beat extends HeartbeatAnswer {
  readonly list: string;
}

function beat(runner: Runner, input: HeartbeatInput, list: string): Promise<StoreAnswer<Beat>> {
  const { info, ttlMs, notAfter } = input;
  const times = [String(LONGEST_MEMBERSHIP_MS), String(KEYS_LIFE_MS)];
  const self = [info.pod, String(wholeMs(ttlMs)), JSON.stringify(info), info.targetsPrint];
  const args = [String(wholeStamp(notAfter)), ...self, list, ...times];
  return runner.run('heartbeat', args, ([known = '', ...members]) => ({
    list: known,
    members: rowsOf(members, 2)
      .flatMap(([pod = '', json = '']) => memberFrom(pod, json) ?? [])
      .toSorted(byPod),
  }));
}

function membersOf(answer: StoreAnswer<Beat>): StoreAnswer<HeartbeatAnswer> {
  return answer.kind === 'ok' ? { ...answer, value: { members: answer.value.members } } : answer;
}

export function leave(runner: Runner, pod: PodId, notAfter: StoreTime): Promise<StoreAnswer<null>> {
  return runner.run('leave', [String(wholeStamp(notAfter)), pod], () => null);
}

export function readTargets(runner: Runner, print: string): Promise<StoreAnswer<readonly TargetId[] | null>> {
  return runner.run('read-targets', [print], ([list]) => targetListFrom(list));
}
