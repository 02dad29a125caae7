import { HoldfastError, tasks } from '@holdfast/core';
import { addRepositoryOptions, readRepositoryAccess } from '../options/repository-options.ts';
import { valueOption } from '../options/value-option.ts';
import type { Verb } from '../program/verb.ts';

export const catVerb: Verb = {
  examples: [
    ['holdfast cat /mnt/repo@latest /home/ann/notes.txt', 'print a file'],
    ['holdfast cat /mnt/repo@yesterday /home/ann/photos | tar -x -C /tmp', 'a folder, as a tar archive'],
  ],
  description: ['Prints a file of a version to standard output as it is; a folder with all that is in it as a tar archive.'],
  define(command) {
    command
      .argument('<LOCATION>', 'a clone or repository, or LOCATION@SNAPSHOT')
      .argument('<PATH>', 'a file or folder of the version')
      .addOption(
        valueOption('--at <SNAPSHOT>', 'the version: an id or its beginning, latest, latest~2, 2026-11-23, yesterday', {
          group: 'What to print:',
          parse: (written) => written,
        }),
      );
    addRepositoryOptions(command);
  },
  async run({ words, options, session }) {
    if (session.isJson) throw new HoldfastError('usage', '"cat" prints bytes: --json has no meaning for it.');
    const [location = '', path = ''] = words;
    const { at } = options as { readonly at?: string };
    const repository = readRepositoryAccess(location, options, session.world);
    await using program = await session.open();
    const request = { location, path, repository, ...(at === undefined ? {} : { at }) };
    for await (const piece of tasks.catEntry(program, request)) {
      if (session.screen.outputGone) break;
      await new Promise<void>((resolve) => process.stdout.write(piece, () => resolve()));
    }
    return 0;
  },
};
