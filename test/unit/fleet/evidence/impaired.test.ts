import { describe, expect, it } from 'vitest';
import { selfChecking, ids } from '../../../support/self-checking.ts';
import { settled } from '../../../support/fleet-parts.ts';

describe('an impaired pod', () => {
  it('fails alone at half of its hosts or more, and is reported once', async () => {
    const { selfCheck, failsAlone: standsAlone, impaired, path: way, pass } = selfChecking();
    standsAlone(ids[0]!);
    expect(selfCheck.impaired).toBe(false);
    standsAlone(ids[1]!);
    standsAlone(ids[2]!);
    expect(impaired).toEqual([true]);
    way.open = true;
    await pass(100_000, 500);
    expect(impaired).toEqual([true, false]);
    expect(selfCheck.impaired).toBe(false);
  });

  it('is none any more when other pods fail there, too', () => {
    const { selfCheck, failsAlone: standsAlone, fails, impaired } = selfChecking();
    for (const id of ids.slice(0, 2)) standsAlone(id);
    expect(selfCheck.impaired).toBe(true);
    fails(ids[0]!, 'pod_b', 'server');
    expect(selfCheck.impaired).toBe(false);
    expect(impaired).toEqual([true, false]);
  });

  it('fails alone at both of its two hosts (cut off from all it has, and never impaired)', () => {
    const { selfCheck, failsAlone: standsAlone, fails, impaired } = selfChecking(['a', 'a', 'b']);
    standsAlone(ids[0]!);
    standsAlone(ids[1]!);
    expect(selfCheck.impaired).toBe(false);
    standsAlone(ids[2]!);
    expect(selfCheck.impaired).toBe(true);
    fails(ids[2]!, 'pod_b', 'server');
    expect(impaired).toEqual([true, false]);
  });

  it("has more than one host: with one host the fault may be the pod's or the host's", () => {
    const { selfCheck, failsAlone: standsAlone } = selfChecking(['a', 'a']);
    standsAlone(ids[0]!);
    standsAlone(ids[1]!);
    expect(selfCheck.impaired).toBe(false);
  });

  it('counts hosts, not targets', () => {
    const { selfCheck, failsAlone: standsAlone } = selfChecking(['a', 'a', 'b', 'c']);
    standsAlone(ids[0]!);
    standsAlone(ids[1]!);
    expect(selfCheck.impaired).toBe(false);
    standsAlone(ids[2]!);
    expect(selfCheck.impaired).toBe(true);
  });

  it('checks other hosts without cost once it fails alone, so that it finds unreachable hosts that it never probes', async () => {
    const { selfCheck, failsAlone: standsAlone, passes, checks: looks, clock } = selfChecking(['a', 'a', 'b', 'c']);
    standsAlone(ids[0]!);
    expect(looks.map(({ target, level }) => [target, level])).toEqual([
      [ids[2], 'connect'],
      [ids[3], 'connect'],
    ]);
    await settled();
    clock.advance(1);
    expect(selfCheck.of(ids[2]!)).toBeUndefined();
    passes(ids[2]!, 'pod_b');
    expect(selfCheck.of(ids[2]!)).toMatchObject({ failure: { class: 'network', message: 'refused' } });
    expect(selfCheck.impaired).toBe(true);
  });

  it('checks no more hosts once probing is paused', async () => {
    const {
      failsAlone: standsAlone,
      checks: looks,
      held,
    } = selfChecking(Array.from({ length: 40 }, (_, i) => `host-${i}`));
    standsAlone(ids[0]!);
    expect(looks).toHaveLength(16);
    held.paused = true;
    await settled();
    expect(looks).toHaveLength(16);
  });

  it('is none whose other ways are open', async () => {
    const { selfCheck, failsAlone: standsAlone, passes, checks: looks, path: way } = selfChecking();
    way.open = true;
    standsAlone(ids[0]!);
    await settled();
    expect(looks).toHaveLength(3);
    for (const id of ids.slice(1)) passes(id, 'pod_b');
    expect(ids.filter((id) => selfCheck.of(id) !== undefined)).toEqual([ids[0]]);
  });

  it('does not blame itself for what it found closed, and others found closed as well', async () => {
    const { selfCheck, failsAlone: standsAlone, fails, passes, clock } = selfChecking();
    standsAlone(ids[0]!);
    await settled();
    clock.advance(1);
    for (const id of ids.slice(1)) {
      fails(id, 'pod_b');
      fails(id, 'pod_c');
      passes(id, 'pod_b');
    }
    expect(selfCheck.impaired).toBe(false);
  });

  it('does not check other hosts after a refusal: it reached the upstream', async () => {
    const { failsAlone: standsAlone, checks: looks } = selfChecking();
    standsAlone(ids[0]!, 'auth');
    await settled();
    expect(looks).toHaveLength(0);
  });
});
