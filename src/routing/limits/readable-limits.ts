import type { LimitedDeployment, LimitKind, LimitReading, LimitShares, LimitsReader } from '../../ports/index.ts';

/** The same shares, which metrics can read. */
export function readableLimits<T extends LimitShares>(
  shares: T,
): { readonly shares: T; readonly reader: LimitsReader } {
  let limited: readonly LimitedDeployment[] = [];
  // A deployment that was removed keeps its count: a counter never falls.
  const refused = new Map<string, number>();
  const counted: T = {
    ...shares,
    configure: (list, useOf) => {
      limited = list.filter(({ rpm, tpm, maxParallel }) => (rpm ?? tpm ?? maxParallel) !== undefined);
      for (const { id } of limited) refused.set(id, refused.get(id) ?? 0);
      shares.configure(list, useOf);
    },
    used: (id, use) => {
      if (use.refused > (refused.get(id) ?? 0)) refused.set(id, use.refused);
      shares.used(id, use);
    },
  };
  const reader: LimitsReader = {
    limits: () => limited.flatMap((deployment) => readingsOf(deployment, shares)),
    refusals: () => refused,
  };
  return { shares: counted, reader };
}

function readingsOf({ id, rpm, tpm, maxParallel }: LimitedDeployment, shares: LimitShares): readonly LimitReading[] {
  const share = shares.shareOf(id);
  const readings: readonly (readonly [LimitKind, number | undefined, number | null])[] = [
    ['rpm', rpm, share.rpm],
    ['tpm', tpm, share.tpm],
    ['parallel', maxParallel, share.maxParallel],
  ];
  return readings.flatMap(([kind, limit, part]) =>
    limit === undefined || part === null ? [] : [{ deployment: id, kind, limit, share: part }],
  );
}
