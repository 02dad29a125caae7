import { HoldfastError, parseShare, type VerifyRequest } from '@holdfast/core';
import type { Command } from 'commander';
import { valueOption } from './value-option.ts';

interface VerifyFlags {
  readonly against?: string;
  readonly sample?: number;
  readonly repairFrom?: string;
}

const group = 'What to do:';

export function addVerifyOptions(command: Command): void {
  const asWritten = (written: string): string => written;
  command
    .addOption(
      valueOption('--against <SOURCE>', 'compare with this source instead of the records', { group, parse: asWritten }).conflicts(
        ['sample', 'repairFrom'],
      ),
    )
    .addOption(
      valueOption('--sample <N%>', 'read only so many percent of the files, chosen by chance', { group, parse: parsePercent }),
    )
    .addOption(
      valueOption('--repair-from <LOCATION>', 'put damaged and missing files right from a source or another clone', {
        group,
        parse: asWritten,
      }),
    );
}

/** The request of `verify LOCATION` with the options that `addVerifyOptions` declares. */
export function readVerifyRequest(location: string, options: object): VerifyRequest {
  const { against, sample, repairFrom } = options as VerifyFlags;
  return {
    location,
    ...(against === undefined ? {} : { against }),
    ...(sample === undefined ? {} : { samplePercent: sample }),
    ...(repairFrom === undefined ? {} : { repairFrom }),
  };
}

function parsePercent(written: string): number {
  const share = parseShare(written);
  if (share.kind === 'percent' && share.percent > 0) return share.percent;
  throw new HoldfastError('usage', `"${written}" is no percentage above 0.`, { hint: 'Write for example 5%.' });
}
