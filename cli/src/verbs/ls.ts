import { formatSize, type ListedEntry, tasks } from '@holdfast/core';
import { addRepositoryOptions, readRepositoryAccess } from '../options/repository-options.ts';
import { valueOption } from '../options/value-option.ts';
import { formatMode } from '../output/format-mode.ts';
import { formatExactTime, formatTime } from '../output/format-time.ts';
import type { Verb } from '../program/verb.ts';
import { escapeName } from '../terminal/escape-text.ts';

export const lsVerb: Verb = {
  examples: [
    ['holdfast ls /mnt/backup/home', 'everything in the newest version'],
    ['holdfast ls /mnt/backup/home ann/photos', 'only what is below a path'],
    ['holdfast ls /mnt/backup/home@2026-11-23', 'as it was at the end of that day'],
  ],
  description: [
    'Lists what is in a version of LOCATION, from its records: PATH and everything below it.',
    'With --json each entry is an object {type:"entry", time, path, pathBase64?, kind, size, mtimeNs, mtime, mode, uid, gid, target?, digest?}; time is when it was printed.',
  ],
  define(command) {
    command
      .argument('<LOCATION>', 'a clone or repository, or LOCATION@SNAPSHOT')
      .argument('[PATH]', 'only this and what is below it')
      .addOption(
        valueOption('--at <SNAPSHOT>', 'the version: an id or its beginning, latest, latest~2, 2026-11-23, yesterday', {
          group: 'What to list:',
          parse: (written) => written,
        }),
      );
    addRepositoryOptions(command);
  },
  async run({ words, options, session }) {
    const [location = '', path] = words;
    const { at } = options as { readonly at?: string };
    const repository = readRepositoryAccess(location, options, session.world);
    const request = { location, repository, ...(at === undefined ? {} : { at }), ...(path === undefined ? {} : { path }) };
    await using program = await session.open();
    for await (const entry of tasks.listEntries(program, request)) {
      if (session.screen.outputGone) break;
      session.reporter.result({ type: 'entry', record: recordOf(entry), text: () => describe(entry) });
    }
    return 0;
  },
};

function recordOf(entry: ListedEntry): object {
  const mtime = entry.mtimeNs === undefined ? undefined : formatExactTime(entry.mtimeNs);
  return { ...entry, ...(mtime === undefined ? {} : { mtime }) };
}

function describe({ path, kind, size, mtimeNs, mode, target }: ListedEntry): string {
  const time = mtimeNs === undefined ? '' : formatTime(new Date(Number(mtimeNs / 1_000_000n)));
  const name = path === '' ? '.' : escapeName(path);
  const link = target === undefined ? '' : ` -> ${escapeName(target)}`;
  return `${formatMode(kind, mode)}  ${(kind === 'file' ? formatSize(size) : '-').padStart(8)}  ${time.padEnd(16)}  ${name}${link}`;
}
