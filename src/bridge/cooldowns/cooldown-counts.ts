import type { CooldownCounts, CooldownReason, StoreLoss } from '../../ports/index.ts';

/** Counts what this pod did with cooldowns since it started. */
export class CooldownCounter {
  readonly #written = none();
  readonly #refused = none();
  readonly #failures: Partial<Record<StoreLoss['code'], number>> = {};
  #noticed = 0;
  #writes = 0;

  written(reason: CooldownReason): void {
    this.#written[reason] += 1;
  }

  refused(reason: CooldownReason): void {
    this.#refused[reason] += 1;
  }

  noticed(): void {
    this.#noticed += 1;
  }

  wrote(): void {
    this.#writes += 1;
  }

  failed({ code }: StoreLoss): void {
    this.#failures[code] = (this.#failures[code] ?? 0) + 1;
  }

  counts(): CooldownCounts {
    return {
      written: { ...this.#written },
      refused: { ...this.#refused },
      noticed: this.#noticed,
      writes: this.#writes,
      failures: { ...this.#failures },
    };
  }
}

function none(): Record<CooldownReason, number> {
  return { down: 0, 'rate-limited': 0, drained: 0 };
}
