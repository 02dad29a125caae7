import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import {
  HoldfastError,
  parsePathFile,
  parsePattern,
  parsePatternFile,
  parseSize,
  type Selection,
  type SelectionRule,
} from '@holdfast/core';
import type { Command } from 'commander';
import { flag, listOption, valueOption } from './value-option.ts';

/** A rule, or the file that holds some: they apply in the order in which the user wrote them. */
type Selector = SelectionRule | { readonly patternFile: string };

export interface SelectionOptions {
  /** Each holds all that were given of --include, --exclude and --exclude-from, as they share one list. */
  readonly include?: readonly Selector[];
  readonly exclude?: readonly Selector[];
  readonly excludeFrom?: readonly Selector[];
  readonly filesFrom?: string;
  readonly excludeCaches?: boolean;
  readonly excludeIfPresent?: readonly string[];
  readonly excludeLargerThan?: bigint;
  readonly oneFileSystem?: boolean;
}

const group = 'What to copy:';

/** --include and --exclude. Rules of gitignore, the last that matches counts, so their order among each other is kept. */
export function addPatternOptions(command: Command): Selector[] {
  const selectors: Selector[] = [];
  const add = (selector: Selector): Selector[] => {
    selectors.push(selector);
    return selectors;
  };
  const pattern = (effect: SelectionRule['effect']) => ({
    group,
    parse: (written: string) => add(parsePattern(effect, written)),
  });
  command
    .addOption(
      valueOption('--include <PATTERN>', 'copy what matches, as .gitignore writes patterns; repeatable', pattern('include')),
    )
    .addOption(
      valueOption('--exclude <PATTERN>', 'leave out what matches; repeatable, the last that matches counts', pattern('exclude')),
    );
  return selectors;
}

/** Everything that chooses what of a source takes part. */
export function addSelectionOptions(command: Command): void {
  const selectors = addPatternOptions(command);
  const addFile = (patternFile: string): Selector[] => {
    selectors.push({ patternFile });
    return selectors;
  };
  command
    .addOption(
      valueOption('--exclude-from <FILE>', 'leave out what the patterns in FILE match (- is standard input); repeatable', {
        group,
        parse: addFile,
      }),
    )
    .addOption(
      valueOption('--files-from <FILE>', 'copy only the paths that FILE lists (- is standard input)', {
        group,
        parse: (written) => written,
      }),
    )
    .addOption(flag('--exclude-caches', 'leave out the contents of folders with a CACHEDIR.TAG', group))
    .addOption(
      listOption('--exclude-if-present <NAME>', 'leave out the contents of folders that hold NAME', { group, parse: parseName }),
    )
    .addOption(valueOption('--exclude-larger-than <SIZE>', 'leave out larger files', { group, parse: parseSize }))
    .addOption(flag('-x, --one-file-system', 'do not enter other file systems', group));
}

/** The selection that the options make; `paths` are those of a restore. Reads the files that they name; rejects with `usage` where one cannot be read. */
export async function readSelection(options: SelectionOptions, paths: readonly string[] = []): Promise<Selection> {
  const selectors = options.include ?? options.exclude ?? options.excludeFrom ?? [];
  const rules: SelectionRule[] = [];
  for (const selector of selectors) {
    if ('pattern' in selector) rules.push(selector);
    else rules.push(...parsePatternFile(await readListed('--exclude-from', selector.patternFile)));
  }
  const listed = options.filesFrom === undefined ? [] : parsePathFile(await readListed('--files-from', options.filesFrom));
  return {
    rules,
    ...(options.excludeLargerThan === undefined ? {} : { excludeLargerThan: options.excludeLargerThan }),
    excludeIfPresent: options.excludeIfPresent ?? [],
    excludeCaches: options.excludeCaches ?? false,
    oneFileSystem: options.oneFileSystem ?? false,
    paths: [...paths, ...listed],
    includeState: false,
  };
}

function parseName(written: string): string {
  if (written === '' || written.includes('/')) {
    throw new HoldfastError('usage', `"${written}" is no name of a file.`, {
      hint: 'Write a name without a slash, for example .nobackup.',
    });
  }
  return written;
}

async function readListed(option: string, file: string): Promise<Uint8Array> {
  try {
    return file === '-' ? await buffer(process.stdin) : await readFile(file);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new HoldfastError('usage', `${option}: cannot read "${file}": ${reason}.`, { hint: 'Check the path.', cause: error });
  }
}
