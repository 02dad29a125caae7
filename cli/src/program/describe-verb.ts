import type { Command, Option } from 'commander';
import type { Colours } from '../terminal/colours.ts';
import { wrapText } from '../terminal/wrap-text.ts';
import { usageOf } from './explain-parse-error.ts';
import { buildCommand } from './parse-verb.ts';
import type { Example, Verb, VerbEntry } from './verb.ts';
import { verbsOfGroup } from './verb-groups.ts';

const OPTION_WIDTH = 30;

/** The page of `holdfast help`. */
export function describeProgram(verbs: readonly VerbEntry[], { bold }: Colours): string {
  return [
    'Holdfast makes copies of disks and folders that can be browsed, proved and taken back.',
    '',
    bold('Examples:'),
    ...describeExamples([
      ['holdfast clone /home /mnt/backup/home', 'make a copy, or bring it up to date'],
      ['holdfast verify /mnt/backup/home', 'prove that it is still what was copied'],
      ['holdfast restore /mnt/backup/home@yesterday /tmp/home', 'bring back an earlier version'],
    ]),
    '',
    bold('Commands:'),
    ...verbs.map(({ name, summary }) => `  ${name.padEnd(14)}  ${summary}`),
    '',
    '`holdfast help VERB` explains a command. A location is a path, or SCHEME:… as plugins handle it, or @NAME of the configuration.',
  ].join('\n');
}

/** The page of `holdfast help GROUP`, for example `plugin`. */
export function describeVerbGroup(group: string, verbs: readonly VerbEntry[], { bold }: Colours): string {
  const lines = verbsOfGroup(group, verbs).map(({ word, summary }) => `  ${group} ${word.padEnd(8)}  ${summary}`);
  return [bold(`Commands of holdfast ${group}:`), ...lines].join('\n');
}

/** The page of `holdfast help VERB`: examples, usage, what it does, its words and options. */
export function describeVerb(name: string, verb: Verb, { bold }: Colours, width: number): string {
  const command = buildCommand(name, verb);
  return [
    bold('Examples:'),
    ...describeExamples(verb.examples),
    '',
    `${bold('Usage:')} ${usageOf(command)} [options]`,
    ...verb.description.flatMap((paragraph) => ['', ...wrapText(paragraph, width)]),
    ...describeOptions(command, bold, width),
  ].join('\n');
}

function describeExamples(examples: readonly Example[]): string[] {
  return examples.flatMap(([command, meaning]) => [`  ${command}`, `      ${meaning}`]);
}

function describeOptions(command: Command, bold: Colours['bold'], width: number): string[] {
  const groups = Map.groupBy(command.options, ({ helpGroupHeading }) => helpGroupHeading ?? 'Options:');
  return [...groups].flatMap(([heading, options]) => [
    '',
    bold(heading),
    ...options.flatMap((option) => describeOption(option, width)),
  ]);
}

function describeOption(option: Option, width: number): string[] {
  const left = `  ${option.short === undefined ? '    ' : ''}${flagsOf(option)}`;
  const [first = '', ...more] = wrapText(option.description, width - OPTION_WIDTH);
  const indent = ' '.repeat(OPTION_WIDTH);
  const others = more.map((line) => indent + line);
  return left.length < OPTION_WIDTH ? [left.padEnd(OPTION_WIDTH) + first, ...others] : [left, indent + first, ...others];
}

/** As it is to be written: an optional value stands after `=` only. */
function flagsOf({ flags }: Option): string {
  return flags.replace(/ \[(.+)\]/, '[=$1]').replace(/<(.+)>/, '$1');
}
