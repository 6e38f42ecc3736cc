import type { StoreTime, TargetId } from '../../health/index.ts';
import type { FleetStore, StoreAnswer, StoreLoss, TargetHistory } from '../../ports/index.ts';
import {
  problemOfNames,
  wholeStamp,
  type NamesOfCommand,
  boundedText,
  historyFrom,
  LONGEST_HISTORY,
} from '../format/index.ts';
import type { Channel, ChannelEnd } from './channel.ts';
import { claim } from './claim.ts';
import { commit } from './commit.ts';
import { hold, readHolds, sweepHolds } from './holds.ts';
import { readLeases, release, renew } from './leases.ts';
import { heartbeat, leave } from './members.ts';
import { restoreCounts, readMoney } from './money.ts';
import { readRecords, sweep } from './records.ts';
import { sample } from './sample.ts';
import { metaOf, type FleetState } from './state.ts';
import { readTargets, writeTargets } from './target-lists.ts';

interface Parts {
  readonly state: FleetState;
  readonly channel: Channel;
  readonly clockUs: () => number;
}

interface Command extends NamesOfCommand {
  readonly notAfter?: StoreTime;
}

const closedLoss: StoreLoss = { code: 'disconnected', message: 'this handle of the store was closed' };

/** One pod's handle on the shared state: checks names and `notAfter` as the Redis adapter and its scripts do. */
export function memoryStore({ state, channel, clockUs }: Parts): FleetStore {
  const ends = new Set<ChannelEnd>();
  let closed = false;

  const run = <T>(command: Command, work: (now: StoreTime) => T): Promise<StoreAnswer<T>> => {
    const problem = problemOfNames(command);
    if (closed) return Promise.resolve({ kind: 'lost', loss: closedLoss });
    if (problem !== undefined) return Promise.resolve({ kind: 'lost', loss: { code: 'error', message: problem } });
    const now = clockUs();
    if (command.notAfter !== undefined && now > wholeStamp(command.notAfter)) {
      return Promise.resolve({ kind: 'too-late', meta: metaOf(state, now) });
    }
    const value = work(now);
    return Promise.resolve({ kind: 'ok', meta: metaOf(state, now), value });
  };

  return {
    claim: (input) => run({ ...input, batch: input.requests }, (now) => claim(state, now, input)),
    renew: (input) => run({ ...input, batch: input.leases }, (now) => renew(state, now, input)),
    commit: (input) =>
      run({ ...input, batch: input.commits, names: [input.newEpoch] }, (now) => commit(state, now, input)),
    release: (input) => run({ ...input, batch: input.leases }, (now) => release(state, now, input)),
    heartbeat: (input) => {
      const { pod, targetsHash } = input.info;
      const command = { pod, names: [targetsHash], notAfter: input.notAfter };
      return run(command, (now) => heartbeat(state, now, input));
    },
    leave: (input) => run(input, (now) => leave(state, now, input.pod)),
    sweep: (input) => run({ ...input, batch: input.records }, (now) => sweep(state, now, input)),
    sample: (input) => run(input, (now) => sample(state, now)),
    readLeases: (targets) => run(batchOf(targets), (now) => readLeases(state, now, targets)),
    readRecords: (targets) => run(batchOf(targets), (now) => readRecords(state, now, targets)),
    writeTargets: (input) =>
      run({ ...input, names: [input.targetsHash], list: input }, (now) => writeTargets(state, now, input)),
    readTargets: (hash, piece) => run({ names: [hash] }, () => readTargets(state, hash, piece)),
    hold: (input) =>
      run({ ...input, names: [input.newEpoch], holdKeys: input.holds }, (now) => hold(state, now, input)),
    readHolds: (holdKeys) =>
      run({ holdKeys: holdKeys.map((key) => ({ key })) }, (now) => readHolds(state, now, holdKeys)),
    sweepHolds: (input) => run({ ...input, holdKeys: input.holds }, (now) => sweepHolds(state, now, input)),
    restoreCounts: (input) => run({ ...input, batch: input.targets }, (now) => restoreCounts(state, now, input)),
    readMoney: (targets) => run(batchOf(targets), (now) => readMoney(state, now, targets)),
    readHistory: (targets) => run(batchOf(targets), (now) => readHistory(state, now, targets)),
    time: () => run({}, () => null),
    subscribe: (listener) => {
      if (closed) return Promise.resolve({ kind: 'lost', loss: closedLoss });
      const end = channel.open(listener);
      ends.add(end);
      return Promise.resolve({
        kind: 'subscribed',
        subscription: {
          ping: () => Promise.resolve(closed ? { kind: 'lost', loss: closedLoss } : { kind: 'ok' }),
          close: () => {
            ends.delete(end);
            end.close();
            return Promise.resolve();
          },
        },
      });
    },
    close: () => {
      closed = true;
      for (const end of ends) end.close();
      ends.clear();
      return Promise.resolve();
    },
  };
}

function batchOf(targets: readonly TargetId[]): Command {
  return { batch: targets.map((target) => ({ target })) };
}

function readHistory(state: FleetState, now: StoreTime, targets: readonly TargetId[]): readonly TargetHistory[] {
  return targets.map((target) => ({
    target,
    ...historyFrom(boundedText(state.history.get(target) ?? '', LONGEST_HISTORY), now),
  }));
}
