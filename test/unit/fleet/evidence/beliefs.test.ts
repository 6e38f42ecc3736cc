import { describe, expect, it } from 'vitest';
import { factsOf, failedProbe, fleetTarget, okProbe, testWorld } from '../../../support/fleet-parts.ts';
import { Able } from '../../../../src/fleet/membership/eligible-pods.ts';
import { Doubts } from '../../../../src/fleet/evidence/self-check.ts';
import { Knowledge } from '../../../../src/fleet/evidence/beliefs.ts';
import { StoreLink } from '../../../../src/fleet/store/circuit-breaker.ts';
import { Membership } from '../../../../src/fleet/membership/membership.ts';
import { createStoreClock } from '../../../../src/fleet/store/store-clock.ts';
import { FleetView } from '../../../../src/fleet/replication/replica.ts';

const target = fleetTarget();
const HOUR_US = 3_600_000_000;
const nothing = (): undefined => undefined;

/** What a pod knows that saw a failure without the store, a minute ago. */
function knowing() {
  const world = testWorld();
  const options = world.options();
  const storeClock = createStoreClock(world.clock);
  const trial = (): ReturnType<typeof options.store.time> => options.store.time();
  const on = { answered: nothing, clockJumped: nothing, lost: nothing, back: nothing, trial };
  const link = new StoreLink(options, storeClock, () => 0, on);
  const view = new FleetView();
  const membership = new Membership(options, link, { changed: nothing, tick: nothing });
  const doubts = new Doubts(options, storeClock, {
    changed: nothing,
    impaired: nothing,
    waits: () => false,
    probe: () => 'unable',
  });
  const able = new Able(options, { doubts, membership });
  const knowledge = new Knowledge(options, { view, storeClock, able, doubts, waitingSince: () => 0 });
  const at = world.storeNow();
  knowledge.keepOwn(target, failedProbe(at));
  world.clock.advance(60_000);
  return { ...world, at, view, knowledge };
}

/** Tells the pod of a success that another pod had since. */
function fleetSucceeds(view: FleetView, at: number): void {
  const facts = factsOf(okProbe(at, { pod: 'pod_b' }));
  view.apply(target.id, { kind: 'record', record: { version: at, grant: at, evidenceAt: at, nextDueAt: at, facts } });
}

describe("a pod's own evidence", () => {
  it("moves with the store's clock while nothing newer is known", () => {
    const { at, knowledge } = knowing();
    knowledge.redate(HOUR_US);
    expect(knowledge.own().map(({ offer }) => offer?.at)).toEqual([at + HOUR_US]);
  });

  it("stays old news when the store's clock is set ahead (an old failure offered as newer than what came after it)", () => {
    const { at, view, knowledge } = knowing();
    fleetSucceeds(view, at + 30_000_000);
    knowledge.redate(HOUR_US);
    expect(knowledge.own()).toEqual([]);
    expect(knowledge.evidence(target.id)?.facts.run.kind).toBe('ok');
  });
});
