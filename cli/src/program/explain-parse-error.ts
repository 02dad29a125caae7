import { HoldfastError } from '@holdfast/core';
import type { Command, CommanderError } from 'commander';
import { suggest } from './suggest.ts';

/** Options that somebody who knows other programs may try in order to hand over a secret. */
const secretName = /pass(word|wd|phrase|code)?$|secret|token|api-?key|access-?key|credential/i;

/** What the parser found wrong, in the words of this program. Never repeats the value of an option: it could be a secret. */
export function explainParseError(error: CommanderError, command: Command, tooManyWords?: string): HoldfastError {
  const quoted = /'([^']*)'/.exec(error.message)?.[1] ?? '';
  const hint = `See \`holdfast help ${verbOf(command)}\`.`;
  switch (error.code) {
    case 'commander.unknownOption':
      return explainUnknown(quoted.replace(/=.*$/s, ''), quoted.includes('='), command);
    case 'commander.optionMissingArgument':
      return usage(`${quoted.split(/[ ,]+/).at(-2) ?? quoted} needs a value.`, `Write ${quoted.replace(/^-\w, /, '')}.`);
    case 'commander.missingArgument':
      return usage(`${quoted} is missing.`, `Write \`${usageOf(command)}\`.`);
    case 'commander.excessArguments':
      return usage(
        tooManyWords ??
          `There are too many words: ${command.args.length} instead of at most ${command.registeredArguments.length}.`,
        `Write \`${usageOf(command)}\`.`,
      );
    case 'commander.conflictingOption':
      return usage(
        error.message.replace(/^error: option/, 'The option').replace(/ <[^>]*>/g, '') + '.',
        'Leave one of them out.',
      );
    default:
      return usage(error.message.replace(/^error: /, ''), hint);
  }
}

/** `holdfast clone SOURCE DESTINATION`, with what may be left out in brackets. */
export function usageOf(command: Command): string {
  const words = command.registeredArguments.map((argument) => (argument.required ? argument.name() : `[${argument.name()}]`));
  return [command.name(), ...words].join(' ');
}

function explainUnknown(name: string, hasValue: boolean, command: Command): HoldfastError {
  const known = command.options.flatMap(({ long, short }) => [long, short].filter((each) => each !== undefined));
  if (hasValue && known.includes(name)) return usage(`${name} takes no value.`, `Write just ${name}.`);
  if (secretName.test(name)) {
    return usage(
      'Secrets are not given on the command line, where every user of this machine could read them.',
      'Give them by environment variable or in the configuration.',
    );
  }
  const near = suggest(name, known);
  const help = `See \`holdfast help ${verbOf(command)}\`.`;
  return usage(`There is no option ${name} here.`, near === undefined ? help : `Did you mean ${near}? ${help}`);
}

function verbOf(command: Command): string {
  return command.name().replace(/^holdfast /, '');
}

function usage(message: string, hint: string): HoldfastError {
  return new HoldfastError('usage', message, { hint });
}
