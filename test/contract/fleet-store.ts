import { describe } from 'vitest';
import { describeChannel } from './fleet-store/channel.ts';
import { describeClaim } from './fleet-store/claim.ts';
import { describeClamps } from './fleet-store/clamps.ts';
import { describeTheFuture } from './fleet-store/future-dates.ts';
import { describeCommit } from './fleet-store/commit.ts';
import { describeGarbage } from './fleet-store/garbage.ts';
import { describeHistory } from './fleet-store/history.ts';
import { describeHolds } from './fleet-store/holds.ts';
import { describeLeases } from './fleet-store/leases.ts';
import { describeMembers } from './fleet-store/members.ts';
import { describeKnownMoney } from './fleet-store/money-known.ts';
import { describeMoney } from './fleet-store/money.ts';
import { describeNumbers } from './fleet-store/numbers.ts';
import { describeOlderFormat } from './fleet-store/older-format.ts';
import { describePaused } from './fleet-store/paused.ts';
import { describeRecords } from './fleet-store/records.ts';
import { describeOrphans } from './fleet-store/orphans.ts';
import { describeTargetLists } from './fleet-store/target-lists.ts';
import type { OpenFleet } from './fleet-store/under-test.ts';

/**
 * What every implementation of `FleetStore` promises, one sentence a test.
 *
 * @param open makes a fleet of its own, empty, for each test
 */
export function describeFleetStore(name: string, open: OpenFleet): void {
  describe(name, () => {
    describeClaim(open);
    describeLeases(open);
    describeCommit(open);
    describeClamps(open);
    describeTheFuture(open);
    describeNumbers(open);
    describeRecords(open);
    describeOrphans(open);
    describeMembers(open);
    describeTargetLists(open);
    describeHolds(open);
    describePaused(open);
    describeMoney(open);
    describeKnownMoney(open);
    describeHistory(open);
    describeChannel(open);
    describeGarbage(open);
    describeOlderFormat(open);
  });
}

export type { FleetStoreUnderTest, OpenFleet } from './fleet-store/under-test.ts';
