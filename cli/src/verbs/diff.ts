import { type Difference, formatSize, tasks } from '@holdfast/core';
import { addRepositoryOptions, readRepositoryAccess } from '../options/repository-options.ts';
import type { Verb } from '../program/verb.ts';
import { escapeName } from '../terminal/escape-text.ts';

/** As `restic diff` marks them. */
const marks: Readonly<Record<Difference['change'], string>> = {
  added: '+',
  removed: '-',
  changed: 'M',
  metadata: 'U',
  type: 'T',
};

export const diffVerb: Verb = {
  examples: [
    ['holdfast diff /mnt/backup/home@latest~1 @latest', 'what the last run changed'],
    ['holdfast diff /mnt/repo@4f3c /mnt/repo@a81d', 'between two versions of a repository'],
  ],
  description: [
    'Shows what is different between two versions of one location: + added, - removed, M changed, U only permissions, owner, times or attributes, T another kind of thing.',
    'In a repository contents are compared; in a clone sizes and times, as recorded. With --json each difference is an object {type:"difference", time, change, path, pathBase64?, kind, sizeBefore?, sizeAfter?}; change is added, removed, changed, metadata or type.',
  ],
  define(command) {
    command.argument('<FROM>', 'LOCATION@SNAPSHOT').argument('<TO>', 'LOCATION@SNAPSHOT, or @SNAPSHOT of the same location');
    addRepositoryOptions(command);
  },
  async run({ words, options, session }) {
    const [from = '', to = ''] = words;
    const request = { from, to, repository: readRepositoryAccess(from, options, session.world) };
    await using program = await session.open();
    for await (const difference of tasks.diffVersions(program, request)) {
      if (session.screen.outputGone) break;
      session.reporter.result({ type: 'difference', record: difference, text: () => describe(difference) });
    }
    return 0;
  },
};

function describe({ change, path, kind, sizeBefore = 0n, sizeAfter = 0n }: Difference): string {
  const grown =
    change === 'changed' && sizeBefore !== sizeAfter ? `  (${formatSize(sizeBefore)} -> ${formatSize(sizeAfter)})` : '';
  return `${marks[change]}  ${escapeName(path === '' ? '.' : path)}${kind === 'directory' ? '/' : ''}${grown}`;
}
