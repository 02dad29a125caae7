import { HoldfastError, isHoldfastError } from '@holdfast/core';
import { Option } from 'commander';

export interface OptionDetails<Value> {
  /** Heading of the help under which it stands. */
  readonly group: string;
  /** Makes the value of what the user wrote; throws `usage`. */
  readonly parse: (written: string) => Value;
  /** Every value there is, for the help and for completion. */
  readonly choices?: readonly string[];
}

/** An option with a value, as `--bwlimit <RATE>`; the last one given counts. */
export function valueOption<Value>(flags: string, description: string, details: OptionDetails<Value>): Option {
  return makeOption<Value, Value>(flags, description, details, (value) => value);
}

/** An option that may be given several times, each adding a value. */
export function listOption<Value>(flags: string, description: string, details: OptionDetails<Value>): Option {
  return makeOption<Value, readonly Value[]>(flags, `${description}; repeatable`, details, (value, before = []) => [
    ...before,
    value,
  ]);
}

/** The parser for a value out of some. */
export function oneOf<Choice extends string>(choices: readonly Choice[]): (written: string) => Choice {
  return (written) => {
    const choice = choices.find((each) => each === written);
    if (choice === undefined)
      throw new HoldfastError('usage', `"${written}" is not possible here.`, { hint: `Write one of: ${choices.join(', ')}.` });
    return choice;
  };
}

/** An option without a value. */
export function flag(flags: string, description: string, group: string): Option {
  return new Option(flags, description).helpGroup(group);
}

function makeOption<Value, Kept>(
  flags: string,
  description: string,
  { group, parse, choices }: OptionDetails<Value>,
  keep: (value: Value, before: Kept | undefined) => Kept,
): Option {
  const option = new Option(flags, description).helpGroup(group);
  if (choices !== undefined) option.choices(choices);
  const name = option.long ?? option.flags;
  return option.argParser((written, before: Kept | undefined) => keep(parseNamed(name, parse, written), before));
}

/** Says of which option a value is wrong. */
function parseNamed<Value>(name: string, parse: (written: string) => Value, written: string): Value {
  try {
    return parse(written);
  } catch (error) {
    if (!isHoldfastError(error, 'usage')) throw error;
    throw new HoldfastError('usage', `${name}: ${error.message}`, { hint: error.hint, cause: error });
  }
}
