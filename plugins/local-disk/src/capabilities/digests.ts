import type { DigestCapability } from '@holdfast/core/plugin';
import type { DiskRoot } from '../objects/disk-root.ts';
import { readObject } from '../objects/read-object.ts';
import { createDigest } from '@holdfast/core/plugin';

/** Computed here: nothing nearer to the bytes could. */
export function digestsOf(root: DiskRoot): DigestCapability {
  return {
    algorithms: ['blake3', 'sha256', 'sha1', 'md5', 'crc32c', 'crc64nvme'],
    async compute(key, algorithm, options) {
      const running = createDigest(algorithm);
      for await (const piece of readObject(root, key, options)) running.update(piece);
      return running.digest();
    },
  };
}
