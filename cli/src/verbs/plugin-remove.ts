import { removePlugin, systemRandom } from '@holdfast/core';
import type { Verb } from '../program/verb.ts';

export const pluginRemoveVerb: Verb = {
  examples: [['holdfast plugin remove holdfast-acme', 'take a plugin out of use; the package stays installed']],
  description: ['Takes a plugin out of the configuration.'],
  define(command) {
    command.argument('<NAME>', 'name of the package');
  },
  async run({ words, session }) {
    const name = words[0] ?? '';
    await removePlugin(name, session.places, systemRandom.hex(4));
    session.reporter.result({ type: 'removed', record: { name }, text: () => `Removed ${name}.` });
    return 0;
  },
};
