import * as v from 'valibot';
import type { CallOptions } from '../../../../contracts/call-options.ts';
import type { Destination } from '../../../../contracts/destination.ts';
import type { RelPath } from '../../../../contracts/rel-path.ts';
import { HoldfastError, isHoldfastError } from '../../../../errors/holdfast-error.ts';
import { ByteSpool } from '../../../../storage/byte-spool.ts';

const FORMAT = 1;
/** Far above what any of these documents comes to; a larger one is not read into memory. */
const MAX_DOCUMENT_BYTES = 16 << 20;

/** A whole number of bytes, items or the like, written in decimal because JSON's numbers end at 2^53. */
export const bigCount = v.pipe(
  v.string(),
  v.regex(/^\d{1,30}$/),
  v.transform((digits: string) => BigInt(digits)),
);
export const treeIdentity = v.object({ fileSystemId: v.string(), fileSystemType: v.string(), rootIno: bigCount });

/**
 * The document at `key`; undefined where there is none. Throws `state-damaged` for what is no such document and `format-unknown`
 * for one of a newer format.
 */
export async function readDocument<const Schema extends v.GenericSchema>(
  destination: Destination,
  key: RelPath,
  schema: Schema,
  options: CallOptions,
): Promise<v.InferOutput<Schema> | undefined> {
  const text = await readText(destination, key, options);
  if (text === undefined) return undefined;
  const value = parse(text, key);
  const { success, output: format } = v.safeParse(v.object({ format: v.number() }), value);
  if (success && format.format > FORMAT) {
    throw new HoldfastError(
      'format-unknown',
      `"${key}" has format ${String(format.format)}; this version of Holdfast reads ${String(FORMAT)}.`,
    );
  }
  const result = v.safeParse(schema, value);
  if (result.success) return result.output;
  const field = v.getDotPath(result.issues[0]) ?? 'the document';
  throw new HoldfastError('state-damaged', `"${key}" is damaged: ${field} is wrong.`);
}

/** Replaces the document at `key` in one step. `value` gets the field `format`; bigints become decimal strings. */
export async function writeDocument(destination: Destination, key: RelPath, value: object, options: CallOptions): Promise<void> {
  const replace = (_: string, field: unknown): unknown => (typeof field === 'bigint' ? field.toString() : field);
  const text = `${JSON.stringify({ format: FORMAT, ...value }, replace, 2)}\n`;
  using spool = new ByteSpool('', Infinity);
  spool.append(Buffer.from(text));
  await destination.write(key, spool.content(), options);
}

async function readText(destination: Destination, key: RelPath, options: CallOptions): Promise<string | undefined> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const piece of destination.read(key, options)) {
      pieces.push(piece);
      size += piece.length;
      if (size > MAX_DOCUMENT_BYTES)
        throw new HoldfastError('state-damaged', `"${key}" is damaged: it is larger than it can be.`);
    }
  } catch (error) {
    if (isHoldfastError(error, 'not-found')) return undefined;
    throw error;
  }
  return Buffer.concat(pieces, size).toString();
}

function parse(text: string, key: RelPath): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new HoldfastError('state-damaged', `"${key}" is damaged: it is not JSON.`, { cause });
  }
}
