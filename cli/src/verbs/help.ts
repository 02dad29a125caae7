import { describeProgram, describeVerb, describeVerbGroup } from '../program/describe-verb.ts';
import { findVerb } from '../program/locate-verb.ts';
import type { Verb } from '../program/verb.ts';
import { verbGroups } from '../program/verb-groups.ts';

export const helpVerb: Verb = {
  examples: [
    ['holdfast help', 'all verbs'],
    ['holdfast help clone', 'one verb, examples first'],
    ['holdfast help plugin test', 'a verb of two words'],
  ],
  description: [],
  define(command) {
    command.argument('[VERB]', 'what to explain').argument('[MORE]', 'its second word');
  },
  async run({ words, session, verbs }) {
    const name = words.filter((word) => word !== undefined).join(' ');
    const { colours, width } = session.screen;
    const page =
      name === ''
        ? describeProgram(verbs, colours.out)
        : verbGroups(verbs).has(name)
          ? describeVerbGroup(name, verbs, colours.out)
          : describeVerb(name, await findVerb(name, verbs).load(), colours.out, Math.min(width, 100));
    session.reporter.result({ type: 'help', record: { verb: name, text: page }, text: () => page });
    return 0;
  },
};
