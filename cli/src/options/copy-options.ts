import type { CopyOptions, VerifyMethod } from '@holdfast/core';
import { parseBandwidth } from '@holdfast/core';
import type { Command } from 'commander';
import { parsePositive } from './parse-number.ts';
import { flag, oneOf, valueOption } from './value-option.ts';

/** What clone and restore take alike, as parsed. */
export interface CopyFlags {
  readonly verify?: VerifyMethod;
  readonly dryRun?: boolean;
  readonly owner: boolean;
  readonly xattrs: boolean;
  readonly bwlimit?: string;
  readonly concurrency?: number;
  readonly readConcurrency?: number;
}

const methods: readonly VerifyMethod[] = ['size', 'digest', 'readback'];
/** What `--verify` means without a method. */
const NAMED_METHOD: VerifyMethod = 'digest';
/** What holds without `--verify`: reading back what a local disk was given is not free. */
const DEFAULT_METHOD: VerifyMethod = 'size';
const group = 'How to copy:';

export function addCopyOptions(command: Command): void {
  const parseLimit = (written: string): string => {
    parseBandwidth(written);
    return written;
  };
  command
    .addOption(flag('-n, --dry-run', 'show what would be done and why; write nothing', group))
    .addOption(
      valueOption(
        '--verify [METHOD]',
        'prove each copied file: by its digest (default) as read from the medium, by reading back each byte, or by its size only, as holds without --verify',
        {
          group,
          choices: methods,
          parse: oneOf(methods),
        },
      ).preset(NAMED_METHOD),
    )
    .addOption(
      valueOption('--bwlimit <RATE>', 'at most so many bytes a second (10M), or by time: "08:00-18:00=2M, else off"', {
        group,
        parse: parseLimit,
      }),
    )
    .addOption(valueOption('--concurrency <N>', 'operations at once at the destination', { group, parse: parsePositive }))
    .addOption(valueOption('--read-concurrency <N>', 'operations at once at the source', { group, parse: parsePositive }))
    .addOption(flag('--no-owner', 'do not keep owner and group', group))
    .addOption(flag('--no-xattrs', 'do not keep extended attributes and access lists', group));
}

export function readCopyOptions(flags: CopyFlags): Omit<CopyOptions, 'selection'> {
  const { verify = DEFAULT_METHOD, dryRun = false, owner, xattrs, bwlimit, concurrency, readConcurrency } = flags;
  return {
    dryRun,
    verify,
    owner,
    xattrs,
    ...(bwlimit === undefined ? {} : { bandwidth: bwlimit }),
    ...(concurrency === undefined ? {} : { concurrency }),
    ...(readConcurrency === undefined ? {} : { readConcurrency }),
  };
}
