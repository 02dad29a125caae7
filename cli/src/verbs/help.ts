import { chosenArgument } from '../options/chosen-argument.ts';
import { describeProgram, describeVerb, describeVerbGroup } from '../program/describe-verb.ts';
import { findVerb } from '../program/locate-verb.ts';
import type { Verb } from '../program/verb.ts';
import { verbGroups, verbTable } from '../program/verb-table.ts';

export const helpVerb: Verb = {
  examples: [
    ['holdfast help', 'all verbs'],
    ['holdfast help clone', 'one verb, examples first'],
    ['holdfast help plugin test', 'a verb of two words'],
  ],
  description: [],
  define(command) {
    const first = new Set(verbTable.map(({ name }) => name.replace(/ .*/, '')));
    command
      .addArgument(chosenArgument('[VERB]', 'what to explain', [...first], (written) => written))
      .argument('[MORE]', 'its second word');
  },
  async run({ words, session }) {
    const name = words.filter((word) => word !== undefined).join(' ');
    const { colours, width } = session.screen;
    const page =
      name === ''
        ? describeProgram(colours.out)
        : verbGroups.has(name)
          ? describeVerbGroup(name, colours.out)
          : describeVerb(name, await findVerb(name).load(), colours.out, Math.min(width, 100));
    session.reporter.result({ type: 'help', record: { verb: name, text: page }, text: () => page });
    return 0;
  },
};
