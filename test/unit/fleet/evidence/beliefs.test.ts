import { describe, expect, it } from 'vitest';
import { factsOf, failedProbe, fleetTarget, okProbe, testWorld } from '../../../support/fleet-parts.ts';
import { AblePods } from '../../../../src/fleet/membership/able-pods.ts';
import { SelfCheck } from '../../../../src/fleet/evidence/self-check.ts';
import { Beliefs } from '../../../../src/fleet/evidence/beliefs.ts';
import { StoreCircuitBreaker } from '../../../../src/fleet/store/circuit-breaker.ts';
import { Heartbeat } from '../../../../src/fleet/membership/heartbeat.ts';
import { Membership } from '../../../../src/fleet/membership/membership.ts';
import { OwnAbility } from '../../../../src/fleet/membership/own-ability.ts';
import { createStoreClock } from '../../../../src/fleet/store/store-clock.ts';
import { Replica } from '../../../../src/fleet/replication/replica.ts';

const target = fleetTarget();
const HOUR_US = 3_600_000_000;
const nothing = (): undefined => undefined;

/** What a pod knows that saw a failure without the store, a minute ago. */
function knowing() {
  const world = testWorld();
  const options = world.options();
  const storeClock = createStoreClock(world.clock);
  const testCommand = (): ReturnType<typeof options.store.time> => options.store.time();
  const on = { answered: nothing, clockJumped: nothing, unreachable: nothing, reachable: nothing, testCommand };
  const circuit = new StoreCircuitBreaker(options, storeClock, () => 0, on);
  const replica = new Replica();
  const membership = new Membership(options, circuit, new Heartbeat(options), { changed: nothing, tick: nothing });
  const selfCheck = new SelfCheck(options, storeClock, {
    changed: nothing,
    impaired: nothing,
    isPaused: () => false,
    requestProbe: () => 'unavailable',
  });
  const ablePods = new AblePods(options, { selfCheck, membership, ability: new OwnAbility(options, selfCheck) });
  const beliefs = new Beliefs(options, { replica, storeClock, ablePods, selfCheck, waitingSince: () => 0 });
  const at = world.storeNow();
  beliefs.keepOwn(target, failedProbe(at));
  world.clock.advance(60_000);
  return { ...world, at, replica, beliefs };
}

/** Tells the pod of a success that another pod had since. */
function fleetSucceeds(replica: Replica, at: number): void {
  const facts = factsOf(okProbe(at, { pod: 'pod_b' }));
  replica.apply(target.id, {
    kind: 'record',
    record: { version: at, grant: at, evidenceAt: at, nextDueAt: at, facts },
  });
}

describe("a pod's own evidence", () => {
  it("shifts with the store's clock while nothing newer is known", () => {
    const { at, beliefs } = knowing();
    beliefs.shiftTimes(HOUR_US);
    expect(beliefs.own().map(({ offer }) => offer?.at)).toEqual([at + HOUR_US]);
  });

  it("stays old news when the store's clock is set ahead (an old failure offered as newer than what came after it)", () => {
    const { at, replica, beliefs } = knowing();
    fleetSucceeds(replica, at + 30_000_000);
    beliefs.shiftTimes(HOUR_US);
    expect(beliefs.own()).toEqual([]);
    expect(beliefs.evidence(target.id)?.facts.run.kind).toBe('ok');
  });
});
