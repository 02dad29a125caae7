import { cwd } from 'node:process';
import { addPlugin, systemRandom } from '@holdfast/core';
import type { Verb } from '../program/verb.ts';

export const pluginAddVerb: Verb = {
  examples: [
    ['npm install holdfast-acme && holdfast plugin add holdfast-acme', 'install a plugin and take it into use'],
    ['holdfast plugin add ./holdfast-acme', 'take the plugin in a folder into use'],
  ],
  description: [
    'Writes an installed plugin into the configuration, with the folder where it is, after loading it to see that it works. Its code then runs with your rights: add only what you trust.',
  ],
  define(command) {
    command.argument('<NAME>', 'name of the package, or path of its folder');
  },
  async run({ words, session }) {
    const info = await addPlugin(words[0] ?? '', cwd(), session.places, systemRandom.hex(4));
    const schemes = info.manifest.schemes.map((scheme) => `${scheme}:`).join(' ');
    session.reporter.result({
      type: 'plugin',
      record: { name: info.name, builtIn: false, version: info.version, folder: info.folder, schemes: info.manifest.schemes },
      text: () => `Added ${info.name} ${info.version}, which handles ${schemes}`,
    });
    return 0;
  },
};
