import { formatCount, formatSize, repositoryTasks, type RepositoryStats } from '@holdfast/core';
import { addRepositoryOptions, readRepositoryAccess } from '../options/repository-options.ts';
import { formatTable } from '../output/format-table.ts';
import type { Verb } from '../program/verb.ts';

export const repoStatsVerb: Verb = {
  examples: [['holdfast repo stats /mnt/backup/repo', 'what the repository takes, and what it holds']],
  description: [
    'Shows how much a repository takes at its destination and what its index says that it holds.',
    'With --json it is an object {type:"stats", time, id, version, snapshots, packs, packBytes, indexFiles, dataBlobs, treeBlobs, plainBytes, storedBytes}; plainBytes is what all pieces come to before compression, storedBytes as they are stored.',
  ],
  define(command) {
    command.argument('<LOCATION>', 'a repository');
    addRepositoryOptions(command);
  },
  async run({ words, options, session }) {
    const access = readRepositoryAccess(words[0] ?? '', options, session.world);
    await using program = await session.open();
    const stats = await repositoryTasks.stats(program, access);
    session.reporter.result({ type: 'stats', record: stats, text: () => describe(stats) });
    return 0;
  },
};

function describe(stats: RepositoryStats): string {
  const { id, version, snapshots, packs, packBytes, dataBlobs, treeBlobs, plainBytes, storedBytes } = stats;
  const ratio = storedBytes === 0n ? 1 : Number(plainBytes) / Number(storedBytes);
  const rows = [
    ['Repository', `${id.slice(0, 12)}, version ${String(version)}`],
    ['Versions', formatCount(snapshots)],
    ['Packs', `${formatCount(packs)}, ${formatSize(packBytes)}`],
    ['Pieces', `${formatCount(dataBlobs)} of files, ${formatCount(treeBlobs)} of folders`],
    ['Compression', `${formatSize(plainBytes)} take ${formatSize(storedBytes)} (${ratio.toFixed(2)} to 1)`],
  ];
  return formatTable([{ title: '' }, { title: '' }], rows)
    .slice(1)
    .join('\n');
}
