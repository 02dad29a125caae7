import { EntryFailure } from '../store/entry-failure.ts';
import { compareContent } from '../store/compare-content.ts';
import { compareMetadata, copyMetadata } from '../store/copy-metadata.ts';
import { digestFromMedium } from '../store/digest-from-medium.ts';
import { readTarget } from '../store/apply-metadata.ts';
import type { Place } from '../store/place.ts';
import { scratch } from '../store/scratch.ts';
import { enter } from '../store/step.ts';
import type { Expected } from '../store/stored.ts';
import type { StoreOptions } from '../store/store-options.ts';
import type { AnswerBuilder } from './answer-builder.ts';
import { EntryFlag, GroupOp } from './batch-protocol.ts';

const readFromFlags = { medium: EntryFlag.fromMedium, 'dropped-cache': EntryFlag.fromDroppedCache, cache: 0 } as const;

/** Does what leaves the bytes at the destination as they are: metadata, comparing, reading. @throws SystemCallError, EntryFailure */
export function examineEntry(
  op: number,
  source: Place,
  target: Place,
  expected: Expected,
  options: StoreOptions,
  index: number,
  answer: AnswerBuilder,
): void {
  switch (op) {
    case GroupOp.metadata: {
      const notKept = copyMetadata(source, target, expected, options.preserve);
      answer.addSourceTimes(index);
      return answer.addDone(index, 0, 0, notKept);
    }
    case GroupOp.compareMetadata: {
      const equal = compareMetadata(source, target, expected);
      return answer.addDone(index, equal ? EntryFlag.equal : 0, 0);
    }
    case GroupOp.compareContent: {
      const { equal, digest, bytesRead } = compareContent(source, target, expected, options);
      if (digest !== undefined) answer.addDigest(index, digest.value);
      return answer.addDone(index, equal ? EntryFlag.equal : 0, bytesRead);
    }
    case GroupOp.inspect:
      return inspect(target, index, answer);
    case GroupOp.inspectDigest: {
      const { digest, bytesRead, readFrom } = digestFromMedium(target, options);
      if (digest !== undefined) answer.addDigest(index, digest.value);
      return answer.addDone(index, readFromFlags[readFrom], bytesRead);
    }
    default:
      throw new EntryFailure('internal', `no operation has the number ${op}`);
  }
}

function inspect(target: Place, index: number, answer: AnswerBuilder): void {
  enter('destination', 'look at');
  readTarget({ fd: target.directoryFd, name: target.name }, scratch.target);
  answer.addDone(index, 0, 0);
}
