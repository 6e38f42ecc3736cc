import type { PodId, StoreTime } from '../../../health/index.ts';
import type {
  HeartbeatAnswer,
  HeartbeatInput,
  StoreAnswer,
  TargetsInput,
  TargetsKnown,
  TargetsPiece,
} from '../../../ports/index.ts';
import {
  LONGEST_MEMBERSHIP_MS,
  membershipFrom,
  pieceFrom,
  pieceText,
  stampFrom,
  wholeMs,
  wholeStamp,
  type MemberList,
  type MemberRow,
} from '../../format/index.ts';
import { KEYS_LIFE_MS } from '../keys.ts';
import { readFields } from './fields.ts';
import { rowsOf } from './reply.ts';
import type { ScriptRunner } from './runner.ts';

/** Members per page: 4 MB of the longest ones. */
const PAGE = 100;

/**
 * Sends a heartbeat and updates the list of members: by the changes, or completely, in pages, if the store no longer has all
 * changes or the epoch is new. Changes between two pages come with the next heartbeat, which uses the digest from before the
 * first page.
 */
export async function heartbeat(
  runner: ScriptRunner,
  roster: MemberList,
  { info, ttlMs, notAfter }: HeartbeatInput,
): Promise<StoreAnswer<HeartbeatAnswer>> {
  const asked = roster.ask();
  const times = [String(LONGEST_MEMBERSHIP_MS), String(KEYS_LIFE_MS)];
  const self = [info.pod, String(wholeMs(ttlMs)), JSON.stringify(info), info.targetsHash];
  const args = [String(wholeStamp(notAfter)), ...self, ...times, asked.digest];
  const answer = await runner.run('heartbeat', args, ([known, digest = '', news, ...rows]) => {
    if (news === 'changes') roster.apply(asked, digest, memberRows(rows));
    return { targets: knownFrom(known), digest, news };
  });
  if (answer.kind !== 'ok') return answer;
  const { targets, digest, news } = answer.value;
  if (news === 'all') {
    const read = await readMembers(runner);
    if (read.kind !== 'ok') return read;
    roster.replace(asked, digest, read.value);
  }
  return { ...answer, value: { members: roster.members, targets } };
}

async function readMembers(runner: ScriptRunner): Promise<StoreAnswer<readonly MemberRow[]>> {
  const listed = await runner.run('list-members', [], (body) => body);
  if (listed.kind !== 'ok') return listed;
  const rows: MemberRow[] = [];
  for (let from = 0; from < listed.value.length; from += PAGE) {
    // oxlint-disable-next-line no-await-in-loop -- page after page, so that other commands run in between
    const page = await readFields(runner, 'pods', listed.value.slice(from, from + PAGE));
    if (page.kind !== 'ok') return page;
    for (const [pod, text] of page.value) rows.push([pod, membershipFrom(text)?.json ?? '']);
  }
  return { ...listed, value: rows };
}

function memberRows(flat: readonly string[]): readonly MemberRow[] {
  return rowsOf(flat, 2).map(([pod = '', json = '']) => [pod, json] as const);
}

export function leave(runner: ScriptRunner, pod: PodId, notAfter: StoreTime): Promise<StoreAnswer<null>> {
  return runner.run('leave', [String(wholeStamp(notAfter)), pod], () => null);
}

export function writeTargets(runner: ScriptRunner, input: TargetsInput): Promise<StoreAnswer<TargetsKnown>> {
  const { pod, notAfter, targetsHash, piece, pieces, targets } = input;
  const args = [String(wholeStamp(notAfter)), pod, targetsHash, String(piece), String(pieces), pieceText(targets)];
  return runner.run('write-targets', args, ([known]) => knownFrom(known));
}

export function readTargets(
  runner: ScriptRunner,
  hash: string,
  piece: number,
): Promise<StoreAnswer<TargetsPiece | null>> {
  return runner.run('read-targets', [hash, String(piece)], ([number, text]) => {
    const pieces = stampFrom(number);
    const targets = pieceFrom(text);
    return pieces === undefined || targets === null ? null : { pieces, targets };
  });
}

function knownFrom(text: string | undefined): TargetsKnown {
  return text === 'known' ? 'known' : 'unknown';
}
