import { type FoundEntry, formatSize, tasks } from '@holdfast/core';
import { addRepositoryOptions, readRepositoryAccess } from '../options/repository-options.ts';
import { valueOption } from '../options/value-option.ts';
import { formatMode } from '../output/format-mode.ts';
import { formatExactTime, formatTime } from '../output/format-time.ts';
import type { Verb } from '../program/verb.ts';
import { escapeName } from '../terminal/escape-text.ts';

export const findVerb: Verb = {
  examples: [
    ['holdfast find /mnt/backup/home "thesis*"', 'every version that has a file or folder of this name, and when it was changed'],
    ['holdfast find /mnt/repo@latest "/home/ann/**/*.jpg"', 'in one version, below a folder'],
  ],
  description: [
    'Looks for files and folders by PATTERN in all versions of LOCATION, the oldest first, or in the one that is named. Patterns are those of gitignore: without a slash they match the name, with one the path from the top of the version.',
    'With --json each is an object {type:"match", time, snapshot, path, pathBase64?, kind, size, mtimeNs, mtime, mode, uid, gid, target?}; time is when it was printed.',
  ],
  define(command) {
    command
      .argument('<LOCATION>', 'a clone or repository, or LOCATION@SNAPSHOT')
      .argument('<PATTERN>', 'a pattern as in .gitignore')
      .addOption(
        valueOption('--at <SNAPSHOT>', 'only this version: an id or its beginning, latest, latest~2, 2026-11-23, yesterday', {
          group: 'Where to look:',
          parse: (written) => written,
        }),
      );
    addRepositoryOptions(command);
  },
  async run({ words, options, session }) {
    const [location = '', pattern = ''] = words;
    const { at } = options as { readonly at?: string };
    const repository = readRepositoryAccess(location, options, session.world);
    const request = { location, pattern, repository, ...(at === undefined ? {} : { at }) };
    await using program = await session.open();
    let last: string | undefined;
    for await (const entry of tasks.findEntries(program, request)) {
      if (session.screen.outputGone) break;
      const heading = entry.snapshot === last ? '' : `${session.screen.colours.out.bold(`Version ${entry.snapshot}`)}\n`;
      last = entry.snapshot;
      session.reporter.result({ type: 'match', record: recordOf(entry), text: () => heading + describe(entry) });
    }
    if (last === undefined) session.reporter.note('Nothing was found.');
    return 0;
  },
};

function recordOf(entry: FoundEntry): object {
  return { ...entry, ...(entry.mtimeNs === undefined ? {} : { mtime: formatExactTime(entry.mtimeNs) }) };
}

function describe({ path, kind, size, mtimeNs, mode }: FoundEntry): string {
  const time = mtimeNs === undefined ? '' : formatTime(new Date(Number(mtimeNs / 1_000_000n)));
  const bytes = (kind === 'file' ? formatSize(size) : '-').padStart(8);
  return `${formatMode(kind, mode)}  ${bytes}  ${time.padEnd(16)}  ${escapeName(path)}`;
}
