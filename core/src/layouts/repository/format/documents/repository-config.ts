import { HoldfastError } from '../../../../errors/holdfast-error.ts';
import { degreeOf, isIrreducible, type Polynomial, POLYNOMIAL_DEGREE } from '../../chunker/polynomial.ts';
import type { Sealer } from '../crypto/sealer.ts';
import { damaged } from '../damaged.ts';
import { JsonFields, readCount, readString, type UnknownFields } from '../json/json-fields.ts';
import { writeFields } from '../json/write-fields.ts';
import { isIdName } from '../object-id.ts';
import type { RepositoryVersion } from '../repository-version.ts';

const WHAT = 'The configuration of the repository';

/** The file `config`. */
export interface RepositoryConfig {
  readonly version: RepositoryVersion;
  /** 64 hexadecimal digits. */
  readonly id: string;
  readonly polynomial: Polynomial;
  /** What other programs keep there, for example how rustic chunks; it is written back as it is. */
  readonly unknown: UnknownFields;
}

/** Throws `state-damaged`, and `format-unknown` for a version above 2. */
export function parseConfig(bytes: Uint8Array): RepositoryConfig {
  const fields = new JsonFields(bytes, WHAT);
  const version = fields.take('version', readCount);
  if (version > 2) {
    throw new HoldfastError(
      'format-unknown',
      `The repository has version ${String(version)}; this version of Holdfast reads 1 and 2.`,
    );
  }
  if (version !== 1 && version !== 2) throw damaged(`${WHAT} is damaged: there is no version ${String(version)}.`);
  const id = fields.take('id', readString);
  const polynomial = parsePolynomial(fields.take('chunker_polynomial', readString));
  if (!isIdName(id) || polynomial === undefined) throw damaged(`${WHAT} is damaged: its id or polynomial cannot be.`);
  return { version, id, polynomial, unknown: fields.unknown };
}

export function writeConfig({ version, id, polynomial, unknown }: RepositoryConfig): Buffer {
  return Buffer.from(writeFields({ version, id, chunker_polynomial: polynomial.toString(16) }, unknown));
}

/** The file as it is stored: sealed, but never compressed, because it says whether compression is known. */
export function sealConfig(sealer: Sealer, config: RepositoryConfig): Uint8Array {
  return sealer.sealed(writeConfig(config));
}

/** Throws as `parseConfig` does. */
export function openConfig(sealer: Sealer, stored: Uint8Array): RepositoryConfig {
  return parseConfig(sealer.openOrThrow(stored, WHAT));
}

function parsePolynomial(text: string): Polynomial | undefined {
  if (!/^[0-9a-f]{1,16}$/.test(text)) return undefined;
  const polynomial = BigInt(`0x${text}`);
  return degreeOf(polynomial) === POLYNOMIAL_DEGREE && isIrreducible(polynomial) ? polynomial : undefined;
}
