/**
 * What LiteLLM was seen to use in place of results, or what ends its health checks: names and values, as of now. 1.110.2
 * ignores results whose lists are not lists of objects.
 */
export function poison(): readonly (readonly [name: string, value: string])[] {
  const now = Date.now() / 1_000;
  return [
    ['what is no JSON', 'not json'],
    ['null', 'null'],
    ['nothing', ''],
    ['a number', '5'],
    ['a list', '[1, 2]'],
    ['a timestamp that is text', results({ timestamp: 'soon' })],
    ['rows that are no objects', results({ healthy_endpoints: [1, 'a', null, []] })],
    ['no lists', results({ healthy_endpoints: undefined, unhealthy_endpoints: undefined })],
    ['lists that are null', results({ healthy_endpoints: null, unhealthy_endpoints: null })],
    ['five megabytes', results({ healthy_endpoints: [{ model: 'x'.repeat(5_000_000) }] })],
    ['a timestamp an hour ahead', results({ timestamp: now + 3_600 })],
    ['a timestamp beyond reason', results({ timestamp: 2 ** 70 })],
  ];
}

/** Results as LiteLLM encodes them: JSON in a JSON string. */
function results(changes: Readonly<Record<string, unknown>>): string {
  return JSON.stringify(
    JSON.stringify({
      healthy_endpoints: [],
      unhealthy_endpoints: [],
      healthy_count: 0,
      unhealthy_count: 0,
      timestamp: Date.now() / 1_000,
      checked_by: 'pod_1795345639889',
      ...changes,
    }),
  );
}
