import type { Destination, DestinationTraits } from '../contracts/destination.ts';
import { formatSize } from '../values/format-values.ts';
import { type Finding, ok, warn } from './finding.ts';

const LOW_PERCENT = 10n;
const LOW_INODES = 10_000n;
const SECOND_NS = 1_000_000_000n;

/** What can be said of a destination without writing to it. */
export async function checkTraits({ traits, capabilities }: Destination): Promise<Finding[]> {
  const findings = [checkIdentity(traits), ...checkNames(traits)];
  if (capabilities.usage !== undefined) findings.push(...checkRoom(await capabilities.usage.usage({})));
  return findings;
}

function checkIdentity({ identity, displayName }: DestinationTraits): Finding {
  if (identity !== undefined)
    return ok('location.file-system', `${displayName} is on ${identity.fileSystemType}, volume ${identity.fileSystemId}.`);
  return warn(
    'location.file-system',
    `The volume of ${displayName} has nothing that tells it from others.`,
    'A disk that is not mounted may go unnoticed: make sure that it is before each run.',
  );
}

function checkNames({ caseSensitive, normalises, mtimeResolutionNs, maxObjectBytes }: DestinationTraits): Finding[] {
  const findings: Finding[] = [];
  if (!caseSensitive)
    findings.push(
      warn(
        'location.names',
        'Names that differ only in case are one here.',
        'A source that has such names is refused; rename or exclude them.',
      ),
    );
  if (normalises)
    findings.push(
      warn(
        'location.names',
        'Names come back in another Unicode form here.',
        'Nothing needs to be done unless two names of a source become one.',
      ),
    );
  if (mtimeResolutionNs > SECOND_NS || mtimeResolutionNs === 0n) {
    findings.push(
      warn(
        'location.times',
        'Times are kept only roughly here.',
        'A change within two seconds may go unnoticed: use --checksum now and then.',
      ),
    );
  }
  if (maxObjectBytes !== undefined) {
    findings.push(
      warn(
        'location.sizes',
        `No file may be larger than ${formatSize(maxObjectBytes)} here.`,
        'Larger files are reported and not copied; another file system has no such limit.',
      ),
    );
  }
  return findings;
}

function checkRoom({
  totalBytes,
  freeBytes,
  freeInodes,
}: {
  totalBytes: bigint;
  freeBytes: bigint;
  freeInodes?: bigint;
}): Finding[] {
  const room = `${formatSize(freeBytes)} of ${formatSize(totalBytes)} are free.`;
  const advice = 'Free some space: below 10% the safety net is pruned, the oldest first.';
  const findings = [
    freeBytes * 100n < totalBytes * LOW_PERCENT ? warn('location.space', room, advice) : ok('location.space', room),
  ];
  if (freeInodes !== undefined && freeInodes < LOW_INODES) {
    findings.push(
      warn(
        'location.inodes',
        `Only ${freeInodes} more files can be made here.`,
        'Remove some files, or make the file system with more inodes.',
      ),
    );
  }
  return findings;
}
