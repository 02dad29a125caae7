import { expect, it } from 'vitest';
import { item, path, summary } from '../testing/recorded-run.ts';
import { recordScreen } from '../testing/recorded-stream.ts';
import { JsonReporter } from './json-reporter.ts';

const text = (): string => 'for people';
const clock = { now: () => new Date('2026-11-23T10:00:00Z') };

function record(options: { readonly quiet?: boolean; readonly progress?: boolean } = {}) {
  const { screen, stdout } = recordScreen();
  const reporter = new JsonReporter({ screen, clock, quiet: false, progress: true, ...options });
  const lines = (): Record<string, unknown>[] => {
    reporter.close();
    return stdout.text
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  };
  return { reporter, lines, stdout };
}

it('prints every event and result as a line with type and time', () => {
  const { reporter, lines, stdout } = record();
  reporter.sink({ type: 'progress', phase: 'scan', done: { files: 1, bytes: 2n ** 60n }, rate: 0 });
  reporter.sink(item('store', 'a\udcff', { bytes: 5n }));
  reporter.result({ type: 'snapshot', record: { id: 'v1', time: '2026-01-01T00:00:00.000Z', bytesStored: 9n }, text });
  reporter.result({ type: 'entry', record: { path: path('b') }, text });
  expect(reporter.isOver).toBe(false);
  reporter.sink(summary());
  expect(reporter.isOver).toBe(true);
  const all = lines();
  expect(all.map(({ type, time }) => [type, time])).toEqual([
    ['progress', '2026-11-23T10:00:00.000Z'],
    ['item', '2026-11-23T10:00:00.000Z'],
    ['snapshot', '2026-01-01T00:00:00.000Z'],
    ['entry', '2026-11-23T10:00:00.000Z'],
    ['summary', '2026-11-23T10:00:00.000Z'],
  ]);
  expect(all[1]).toMatchObject({ path: 'a\ufffd', pathBase64: 'Yf8=', bytes: 5 });
  expect(stdout.text).toContain('"bytes":1152921504606846976');
});

it.each([
  [{ progress: false }, ['item', 'warning', 'summary']],
  [{ quiet: true }, ['warning', 'summary']],
  [{}, ['progress', 'item', 'warning', 'summary']],
])('%j', (options, types) => {
  const { reporter, lines } = record(options);
  reporter.sink({ type: 'progress', phase: 'scan', done: { files: 1, bytes: 0n }, rate: 0 });
  reporter.sink(item('store', 'a'));
  reporter.sink({ type: 'warning', code: 'partial', message: 'x' });
  reporter.sink(summary());
  expect(lines().map(({ type }) => type)).toEqual(types);
});
