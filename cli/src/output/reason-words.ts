import type { OperationReason } from '@holdfast/core';

/** Why an operation is done, for people. */
export const reasonWords: Readonly<Record<OperationReason, string>> = {
  'new': 'new',
  'size': 'another size',
  'mtime': 'another time',
  'ctime': 'touched since',
  'type': 'another kind of file',
  'checksum': 'other contents',
  'target': 'the link points elsewhere',
  'link': 'hard link',
  'metadata only': 'metadata',
  'moved': 'moved',
  'missing at destination': 'missing at the destination',
  'changed at destination': 'changed at the destination',
  'same': 'unchanged',
  'adopted': 'adopted',
  'not in source': 'not in the source',
  'overwrite': 'overwritten',
};

/** Whether something was there before, which an operation of this reason takes the place of. */
export function isReplacement(reason: string | undefined): boolean {
  return reason !== undefined && !['new', 'missing at destination', 'adopted', 'moved', 'same', 'link'].includes(reason);
}
