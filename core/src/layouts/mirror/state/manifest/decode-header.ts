import { HoldfastError } from '../../../../errors/holdfast-error.ts';
import { FORMAT_VERSION, magic, type ManifestHeader } from './manifest-layout.ts';

/**
 * The header of a manifest. `proved`: the checksum after it was right.
 * Throws a RangeError for what is no manifest, and `format-unknown` for a version that this program does not know.
 */
export function decodeHeader(preamble: Buffer, text: Buffer, proved: boolean): ManifestHeader {
  if (!preamble.subarray(0, magic.length).equals(magic)) throw new RangeError('It does not begin as a manifest does.');
  if (!proved) throw new RangeError('The checksum of its header is wrong.');
  const version = preamble.readUInt32LE(8);
  if (version !== FORMAT_VERSION) {
    throw new HoldfastError(
      'format-unknown',
      `A manifest has format ${String(version)}; this version of Holdfast reads ${String(FORMAT_VERSION)}.`,
    );
  }
  const header: unknown = JSON.parse(text.toString());
  if (!isHeader(header)) throw new RangeError('Its header lacks a field.');
  return header;
}

function isHeader(value: unknown): value is ManifestHeader {
  if (typeof value !== 'object' || value === null) return false;
  const { kind, runId, parentRunId, digests } = value as Record<keyof ManifestHeader, unknown>;
  return (
    (kind === 'base' || kind === 'delta') &&
    typeof runId === 'string' &&
    (parentRunId === null || typeof parentRunId === 'string') &&
    Array.isArray(digests)
  );
}
