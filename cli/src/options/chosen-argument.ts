import { Argument } from 'commander';

/** A word of a command out of some, which completion offers; `parse` throws `usage` for another. */
export function chosenArgument(
  name: string,
  description: string,
  choices: readonly string[],
  parse: (written: string) => string,
): Argument {
  return new Argument(name, description).choices(choices).argParser(parse);
}
