import { z } from 'zod';
import { count, exactly, maybeTime, text } from './schema.ts';

/** A budget and what is used of it. Null: no limit, or not known. */
export interface BudgetBody {
  readonly probes_per_hour: number | null;
  readonly usd_per_day: number | null;
  readonly probes_this_hour: number | null;
  readonly usd_today: number | null;
  readonly hour_ends_at: string | null;
  readonly day_ends_at: string | null;
}

/** What paid probes cost on one UTC day, and what was not spent; null where no price is known. */
export interface DayMoneyBody {
  readonly day: string;
  readonly probes: number;
  readonly unpriced_probes: number;
  readonly spent_usd: number | null;
  readonly saved_usd: SavedBody | null;
}

/** What was not spent, by the reason. */
export interface SavedBody {
  readonly by_sharing: number;
  readonly by_alias: number;
  readonly by_cache: number;
}

/** Money of one target. */
export interface TargetMoneyBody {
  readonly target: string;
  readonly model: string | null;
  readonly worst_price_usd: number | null;
  readonly budget: BudgetBody;
  readonly days: readonly DayMoneyBody[];
}

/** `money` in `GET /fleet`. */
export interface MoneyBody {
  /** When the store was read; null until it was. */
  readonly as_of: string | null;
  /** When the store lost its data: earlier sums are not included. */
  readonly lost_at: string | null;
  readonly budget: BudgetBody;
  readonly days: readonly DayMoneyBody[];
  readonly targets: readonly TargetMoneyBody[];
}

const budget = exactly<BudgetBody>({
  probes_per_hour: count.nullable(),
  usd_per_day: z.number().nullable(),
  probes_this_hour: count.nullable(),
  usd_today: z.number().nullable(),
  hour_ends_at: maybeTime,
  day_ends_at: maybeTime,
});

const days = z.array(
  exactly<DayMoneyBody>({
    day: text,
    probes: count,
    unpriced_probes: count,
    spent_usd: z.number().nullable(),
    saved_usd: exactly<SavedBody>({ by_sharing: z.number(), by_alias: z.number(), by_cache: z.number() }).nullable(),
  }),
);

export const money: z.ZodType<MoneyBody> = exactly<MoneyBody>({
  as_of: maybeTime,
  lost_at: maybeTime,
  budget,
  days,
  targets: z.array(
    exactly<TargetMoneyBody>({
      target: text,
      model: text.nullable(),
      worst_price_usd: z.number().nullable(),
      budget,
      days,
    }),
  ),
});
