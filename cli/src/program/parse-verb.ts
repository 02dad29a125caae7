import { Command, CommanderError } from 'commander';
import { addGeneralOptions, type GeneralOptions } from '../options/general-options.ts';
import { bindOptionalValues } from './bind-optional-values.ts';
import { explainParseError } from './explain-parse-error.ts';
import type { Verb } from './verb.ts';

export interface ParsedVerb {
  readonly words: readonly (string | undefined)[];
  readonly options: GeneralOptions;
}

/** The command of a verb with all of its words and options. */
export function buildCommand(name: string, verb: Verb): Command {
  const command = new Command(`holdfast ${name}`)
    .exitOverride()
    .helpOption(false)
    .allowExcessArguments(false)
    .configureOutput({ writeErr: () => undefined, outputError: () => undefined });
  verb.define(command);
  addGeneralOptions(command);
  return command;
}

/** Reads the words after a verb. Throws `usage` that says what is wrong and what to write. */
export function parseVerb(name: string, verb: Verb, words: readonly string[]): ParsedVerb {
  const command = buildCommand(name, verb);
  try {
    command.parse(bindOptionalValues(words, command.options), { from: 'user' });
  } catch (error) {
    throw error instanceof CommanderError ? explainParseError(error, command, verb.tooManyWords) : error;
  }
  // Words that may be any number come as a list.
  const given = (command.processedArgs as unknown[]).flat();
  return { words: given.map((word) => (typeof word === 'string' ? word : undefined)), options: command.opts<GeneralOptions>() };
}
