import type { CallOptions } from '../../../../contracts/call-options.ts';
import type { Destination } from '../../../../contracts/destination.ts';
import { ByteSpool } from '../../../../storage/byte-spool.ts';
import { manifestKey } from '../state-keys.ts';
import type { ManifestBlock } from './manifest-block.ts';
import { ManifestEncoder } from './manifest-encoder.ts';
import type { ManifestHeader } from './manifest-layout.ts';
import { RowOrder } from './row-order.ts';

/**
 * Stores a manifest of whole blocks, given in tree order; holds one of them and the spool's few MiB.
 * `scratch`: directory for temporary files. Answers rows and bytes. Throws `internal` for rows out of order.
 */
export async function writeBlocks(
  destination: Destination,
  header: ManifestHeader,
  blocks: AsyncIterable<ManifestBlock>,
  scratch: string,
  options: CallOptions,
): Promise<{ readonly rows: number; readonly bytes: bigint }> {
  using spool = new ByteSpool(scratch);
  const encoder = new ManifestEncoder(header, (bytes) => {
    spool.append(bytes);
  });
  const order = new RowOrder();
  for await (const block of blocks) {
    options.signal?.throwIfAborted();
    checkOrder(order, block.names);
    const { names, stats, targets, destinationStats, rowFlags, movedFrom } = block;
    encoder.add(block.count, { names, stats, targets, destinationStats, rowFlags, movedFrom, extras: block.extras() });
  }
  encoder.finish();
  const { size } = await destination.write(manifestKey(header.runId, header.kind), spool.content(), options);
  return { rows: encoder.rows, bytes: size };
}

function checkOrder(order: RowOrder, names: Uint8Array): void {
  const view = new DataView(names.buffer, names.byteOffset, names.byteLength);
  for (let at = 0; at < names.length; ) {
    const length = view.getUint16(at + 2, true);
    order.check(view.getUint16(at, true), names, at + 4, length);
    at += 4 + length;
  }
}
