import { type CalendarSpan, type ForgetRequest, type GroupKey, groupKeys, type KeepPeriod, keepPeriods } from '@holdfast/core';
import { HoldfastError, parseCalendarSpan } from '@holdfast/core';
import type { Command } from 'commander';
import { parsePositive } from './parse-number.ts';
import { flag, listOption, oneOf, valueOption } from './value-option.ts';

type Policy = ForgetRequest['policy'];

const policyGroup = 'What to keep:';
const scopeGroup = 'Which versions to look at:';
const nounOf = { hourly: 'hours', daily: 'days', weekly: 'weeks', monthly: 'months', yearly: 'years' } as const;
const tagList = (written: string): string[] => written.split(',').map((tag) => tag.trim());
const asWritten = (written: string): string => written;

/** Declares what `readForgetOptions` reads. */
export function addForgetOptions(command: Command): void {
  const count = { group: policyGroup, parse: parsePositive };
  const span = { group: policyGroup, parse: parseCalendarSpan };
  command.addOption(valueOption('--keep-last <N>', 'the newest N', count));
  for (const period of keepPeriods)
    command.addOption(
      valueOption(`--keep-${period} <N>`, `the newest of each of the last N ${nounOf[period]} that have one`, count),
    );
  command.addOption(
    valueOption('--keep-within <SPAN>', 'all that are less than this older than the newest, for example 1y6m14d', span),
  );
  for (const period of keepPeriods) {
    const words = `of those within SPAN the newest of each of the ${nounOf[period]}`;
    command.addOption(valueOption(`--keep-within-${period} <SPAN>`, words, span));
  }
  const tags = { group: policyGroup, parse: tagList };
  command
    .addOption(listOption('--keep-tag <TAGS>', 'those with all of these tags, with commas between', tags))
    .addOption(listOption('--host <NAME>', 'of this machine', { group: scopeGroup, parse: asWritten }))
    .addOption(listOption('--tag <TAGS>', 'with all of these tags, with commas between', { group: scopeGroup, parse: tagList }))
    .addOption(listOption('--path <PATH>', 'of this source, absolute', { group: scopeGroup, parse: asWritten }))
    .addOption(
      valueOption('--group-by <KEYS>', 'apply the policy to those alike in host, paths, tags; empty: to all as one', {
        group: scopeGroup,
        parse: parseGroupKeys,
      }).default(['host', 'paths'], 'host,paths'),
    )
    .addOption(flag('-n, --dry-run', 'show what would be kept and why, remove nothing', 'How:').default(false));
}

/** What the user chose of the options that `addForgetOptions` declares. */
export function readForgetOptions(options: object): Pick<ForgetRequest, 'policy' | 'filter' | 'groupBy' | 'dryRun'> {
  const given = options as Readonly<Record<string, unknown>>;
  const all = <Value>(name: string): readonly Value[] => (given[name] as readonly Value[] | undefined) ?? [];
  const last = given['keepLast'] as number | undefined;
  const within = given['keepWithin'] as CalendarSpan | undefined;
  const policy: Policy = {
    counts: readPeriods<number>(given, 'keep'),
    withinEach: readPeriods<CalendarSpan>(given, 'keepWithin'),
    tags: all('keepTag'),
    ...(last !== undefined && { last }),
    ...(within && { within }),
  };
  const filter = { hosts: all<string>('host'), tags: all<readonly string[]>('tag'), paths: all<string>('path') };
  return { policy, filter, groupBy: all('groupBy'), dryRun: given['dryRun'] === true };
}

function readPeriods<Value>(given: Readonly<Record<string, unknown>>, prefix: string): Partial<Record<KeepPeriod, Value>> {
  const found = keepPeriods.map((period) => {
    return [period, given[`${prefix}${period.charAt(0).toUpperCase()}${period.slice(1)}`]] as const;
  });
  return Object.fromEntries(found.filter(([, value]) => value !== undefined));
}

function parseGroupKeys(written: string): readonly GroupKey[] {
  const keys = written
    .split(',')
    .map((key) => key.trim())
    .filter((key) => key !== '');
  if (new Set(keys).size < keys.length) throw new HoldfastError('usage', `"${written}" names one twice.`);
  return keys.map(oneOf(groupKeys));
}
