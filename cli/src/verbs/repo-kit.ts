import { repositoryTasks } from '@holdfast/core';
import { addRepositoryOptions, readRepositoryAccess } from '../options/repository-options.ts';
import { valueOption } from '../options/value-option.ts';
import { recoveryPage } from '../output/recovery-page.ts';
import type { Verb } from '../program/verb.ts';
import { saveKit } from './save-kit.ts';

export const repoKitVerb: Verb = {
  examples: [
    ['holdfast repo kit /mnt/backup/repo | lp', 'print the page'],
    ['holdfast repo kit /mnt/backup/repo --output ~/repo-kit.txt', 'save it'],
  ],
  description: [
    'Shows the recovery kit of a repository: where it is, its key files, and the exact commands that restore from it with Holdfast and with restic. The password does not stand in it; that it opens the repository is proved first.',
    'With --json it is an object {type:"kit", time, id, version, location, madeAt, keys:[{id, current, created?, username?, hostname?, text}]}.',
  ],
  define(command) {
    const details = { group: 'What to do with it:', parse: (written: string): string => written };
    command
      .argument('<LOCATION>', 'a repository')
      .addOption(valueOption('--output <FILE>', 'save it in this new file, which only you can read', details));
    addRepositoryOptions(command);
  },
  async run({ words, options, session }) {
    const { output } = options as { readonly output?: string };
    const access = readRepositoryAccess(words[0] ?? '', options, session.world);
    await using program = await session.open();
    const kit = await repositoryTasks.readKit(program, access);
    if (output === undefined) session.reporter.result({ type: 'kit', record: kit, text: () => recoveryPage(kit) });
    else await saveKit(kit, output, session.reporter);
    return 0;
  },
};
