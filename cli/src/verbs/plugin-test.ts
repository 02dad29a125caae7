import { type CheckResult, diagnosis, formatCount, HoldfastError, type LocationReport } from '@holdfast/core';
import { parsePositive } from '../options/parse-number.ts';
import { listOption, valueOption } from '../options/value-option.ts';
import { type Column, formatTable } from '../output/format-table.ts';
import type { Verb } from '../program/verb.ts';
import type { Colours } from '../terminal/colours.ts';
import { escapeMessage } from '../terminal/escape-text.ts';

const columns: readonly Column[] = [
  { title: 'WHAT' },
  { title: 'PASSED', align: 'right' },
  { title: 'FAILED', align: 'right' },
  { title: 'NOT SUPPORTED', align: 'right' },
];

interface TestFlags {
  readonly only?: readonly string[];
  readonly seed?: number;
}

const group = 'What to check:';

export const pluginTestVerb: Verb = {
  examples: [
    ['holdfast plugin test /mnt/backup', 'check a disk'],
    ['holdfast plugin test acme:bucket/scratch', 'check the storage that a plugin handles'],
    ['holdfast plugin test --only write --only list /mnt/backup', 'only some groups of checks'],
  ],
  description: [
    'Checks that a storage keeps every promise that Holdfast relies on: that objects appear whole or not at all, that names come back as they were given, that what is removed is gone, and so on. Everything happens in a folder of its own that is removed afterwards; nothing else is touched. It may take some minutes, and costs calls where calls cost money.',
    'Exit code 1 when a check fails. With --json each is an object {type:"check", time, check, status:"ok"|"fail"|"skip", message, promise:{of, says}, advice?, needs?}.',
  ],
  define(command) {
    command
      .argument('<LOCATION>', 'where to try it out')
      .addOption(listOption('--only <CHECK>', 'only this check, or group of checks', { group, parse: (written) => written }))
      .addOption(valueOption('--seed <N>', 'the random sequences of an earlier run', { group, parse: parsePositive }));
  },
  async run({ words, options, session }) {
    const { only, seed } = options as TestFlags;
    const { reporter, screen, isVerbose } = session;
    const { out } = screen.colours;
    await using program = await session.open();
    const onResult = (result: CheckResult): void => {
      if (!session.isJson && !isVerbose && result.status !== 'failed') return;
      reporter.result({ type: 'check', record: recordOf(result), text: () => describe(result, out) });
    };
    const chosen = { ...(only === undefined ? {} : { only }), ...(seed === undefined ? {} : { seed }) };
    const report = await diagnosis.conformance(program, words[0] ?? '', { ...chosen, onResult });
    if (report.results.length === 0)
      throw new HoldfastError('usage', `There is no check ${only?.join(', ')}.`, { hint: 'Leave out --only for all of them.' });
    reporter.result({ type: 'conformance', record: reportOf(report), text: () => describeReport(report, out) });
    return report.passed ? 0 : 1;
  },
};

function recordOf(result: CheckResult): object {
  const { id, title, promise } = result;
  const shared = { check: id, message: title, promise };
  switch (result.status) {
    case 'passed':
      return { ...shared, status: 'ok' };
    case 'not supported':
      return { ...shared, status: 'skip', needs: result.needs };
    case 'failed':
      return { ...shared, status: 'fail', advice: reasonOf(result.error) };
    default:
      return result satisfies never;
  }
}

function describe(result: CheckResult, { green, red, dim }: Colours): string {
  const { id, title, promise } = result;
  if (result.status === 'passed') return `${green('ok  ')}  ${id}: ${title}`;
  if (result.status === 'not supported') return `${dim('skip')}  ${id}: needs ${result.needs}, which it does not have`;
  return [
    `${red('fail')}  ${id}: ${title}`,
    `      ${escapeMessage(reasonOf(result.error))}`,
    `      ${promise.of} promises: "${promise.says}"`,
  ].join('\n');
}

function reportOf({ displayName, capabilities, groups, seed, passed }: LocationReport): object {
  return { location: displayName, passed, capabilities, groups, seed };
}

function describeReport(
  { displayName, capabilities, groups, results, passed, seed }: LocationReport,
  { bold, green, red }: Colours,
): string {
  const rows = groups.map(({ group, ...counts }) => [
    group,
    String(counts.passed),
    String(counts.failed),
    String(counts.notSupported),
  ]);
  const [titles = '', ...lines] = formatTable(columns, rows);
  const failed = results.filter(({ status }) => status === 'failed').length;
  const verdict = passed
    ? bold(green(`${displayName} keeps its promises.`))
    : bold(red(`${displayName} breaks promises: ${formatCount(failed, 'check')} failed (again with --seed ${seed}).`));
  return [bold(titles), ...lines, `Can do: ${capabilities.join(', ')}`, verdict].join('\n');
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
