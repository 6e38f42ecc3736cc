import type { JSX } from 'preact';
import type { BudgetBody, DayMoneyBody, FleetBody } from '../../src/api/index.ts';
import { dollars, sumsOf } from '../model/money.ts';
import { fleet } from '../state/fleet.ts';
import { Ago, Until } from './times.tsx';

/** What probes cost, what was not spent, and the budgets. */
export function MoneyPage(): JSX.Element {
  const body = fleet.value;
  if (body === null) return <h1 tabIndex={-1}>Money</h1>;
  const { money } = body;
  const today = body.now.slice(0, 10);
  return (
    <>
      <h1 tabIndex={-1}>Money</h1>
      <p class="note">
        {money.as_of === null ? (
          'Not read from Redis yet.'
        ) : (
          <>
            Read from Redis <Ago at={money.as_of} />. Days are those of UTC.
          </>
        )}
        {money.lost_at !== null && (
          <>
            {' '}
            Redis lost its data <Ago at={money.lost_at} />: sums start there.
          </>
        )}
      </p>
      <div class="tiles">
        <Sums title="Today" days={money.days.filter(({ day }) => day === today)} />
        <Sums title="Last 31 days" days={money.days} />
        <Avoided traffic={body.traffic} />
        <Budget budget={money.budget} />
      </div>
      <Days days={money.days} />
      <Targets body={body} today={today} />
    </>
  );
}

function Sums({ title, days }: { readonly title: string; readonly days: readonly DayMoneyBody[] }): JSX.Element {
  const sums = sumsOf(days);
  return (
    <section class="panel" aria-label={title}>
      <h2>{title}</h2>
      <dl class="facts">
        <dt>Spent</dt>
        <dd class="number">{dollars(sums.spent)}</dd>
        <dt>Saved by sharing</dt>
        <dd class="number">{dollars(sums.sharing)}</dd>
        <dt>Saved by alias</dt>
        <dd class="number">{dollars(sums.alias)}</dd>
        <dt>Saved by cache</dt>
        <dd class="number">{dollars(sums.cache)}</dd>
        <dt>Paid probes</dt>
        <dd class="number">{sums.probes.toLocaleString('en')}</dd>
        {sums.unpriced > 0 && (
          <>
            <dt>Of unknown price</dt>
            <dd class="number">{sums.unpriced.toLocaleString('en')}</dd>
          </>
        )}
      </dl>
    </section>
  );
}

function Avoided({ traffic }: { readonly traffic: FleetBody['traffic'] }): JSX.Element {
  return (
    <section class="panel" aria-label="Avoided by traffic">
      <h2>Avoided by traffic</h2>
      <dl class="facts">
        <dt>Not spent</dt>
        <dd class="number">{dollars(traffic.usd_avoided)}</dd>
        <dt>Probes</dt>
        <dd class="number">{traffic.probes_avoided.toLocaleString('en')}</dd>
        {traffic.unpriced_probes_avoided > 0 && (
          <>
            <dt>Of unknown price</dt>
            <dd class="number">{traffic.unpriced_probes_avoided.toLocaleString('en')}</dd>
          </>
        )}
      </dl>
      <p class="note">Estimates of this pod since its start.</p>
    </section>
  );
}

function Budget({ budget }: { readonly budget: BudgetBody }): JSX.Element {
  const { probes_per_hour: probes, usd_per_day: usd, probes_this_hour: used, usd_today: spent } = budget;
  return (
    <section class="panel" aria-label="Budget of the fleet">
      <h2>Budget</h2>
      <Meter
        name="Probes this hour"
        used={used}
        limit={probes}
        text={(value) => value.toLocaleString('en')}
        ends={budget.hour_ends_at}
      />
      <Meter name="Dollars today" used={spent} limit={usd} text={dollars} ends={budget.day_ends_at} />
    </section>
  );
}

interface MeterProps {
  readonly name: string;
  readonly used: number | null;
  readonly limit: number | null;
  readonly text: (value: number) => string;
  readonly ends: string | null;
}

function Meter({ name, used, limit, text, ends }: MeterProps): JSX.Element {
  const usedText = used === null ? 'unknown' : text(used);
  if (limit === null) {
    return (
      <p>
        {name}: {usedText}, <span class="note">no limit</span>
      </p>
    );
  }
  return (
    <p>
      {name}: {usedText} of {text(limit)}
      {ends !== null && (
        <span class="note">
          , resets <Until at={ends} />
        </span>
      )}
      <meter aria-label={name} min={0} max={limit} high={limit * 0.9} value={used ?? 0} />
    </p>
  );
}

function Days({ days }: { readonly days: readonly DayMoneyBody[] }): JSX.Element {
  const newest = days.toSorted((a, b) => b.day.localeCompare(a.day));
  return (
    <section aria-labelledby="days">
      <h2 id="days">Days</h2>
      {days.length === 0 ? <p class="empty">No paid probe was counted yet.</p> : <DayTable days={newest} />}
    </section>
  );
}

function NumberHeads({ names }: { readonly names: readonly string[] }): JSX.Element {
  return (
    <>
      {names.map((name) => (
        <th key={name} scope="col" class="number">
          {name}
        </th>
      ))}
    </>
  );
}

function DayTable({ days }: { readonly days: readonly DayMoneyBody[] }): JSX.Element {
  return (
    <div class="wide">
      <table>
        <thead>
          <tr>
            <th scope="col">Day</th>
            <NumberHeads names={['Probes', 'Spent', 'Saved by sharing', 'by alias', 'by cache']} />
          </tr>
        </thead>
        <tbody>
          {days.map((day) => {
            const sums = sumsOf([day]);
            return (
              <tr key={day.day}>
                <th scope="row">{day.day}</th>
                <td class="number">{day.probes.toLocaleString('en')}</td>
                {[sums.spent, sums.sharing, sums.alias, sums.cache].map((usd, at) => (
                  <td key={at} class="number">
                    {dollars(usd)}
                  </td>
                ))}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

function Targets({ body, today }: { readonly body: FleetBody; readonly today: string }): JSX.Element | null {
  const rows = body.money.targets
    .map((one) => ({ ...one, sums: sumsOf(one.days.filter(({ day }) => day === today)) }))
    .toSorted((a, b) => b.sums.spent - a.sums.spent);
  if (rows.length === 0) return null;
  return (
    <section aria-labelledby="paid">
      <h2 id="paid">Paid targets today</h2>
      <div class="wide">
        <table>
          <thead>
            <tr>
              <th scope="col">Target</th>
              <NumberHeads names={['Probes', 'Spent', 'Saved', 'Highest price of a probe', 'Daily limit']} />
            </tr>
          </thead>
          <tbody>
            {rows.map(({ target, model, sums, worst_price_usd: worst, budget }) => (
              <tr key={target}>
                <th scope="row">
                  <a href={`#/targets/${target}`}>{model ?? target}</a>
                </th>
                <td class="number">{sums.probes.toLocaleString('en')}</td>
                <td class="number">{dollars(sums.spent)}</td>
                <td class="number">{dollars(sums.sharing + sums.alias + sums.cache)}</td>
                <td class="number">{worst === null ? 'unknown' : dollars(worst)}</td>
                <td class="number">{budget.usd_per_day === null ? 'none' : dollars(budget.usd_per_day)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
