import type { LocationConfig } from '../contracts/plugin.ts';
import { HoldfastError } from '../errors/holdfast-error.ts';
import { redactUrls } from '../logging/redact.ts';

/** Scheme of a location that is written as a path. */
export const FILE_SCHEME = 'file';

/** The scheme that a location begins with, or undefined for a path. A single letter is a drive of Windows, and so a path. */
export function schemeOf(written: string): string | undefined {
  return /^([a-z][a-z0-9+-]+):/.exec(written)?.[1];
}

/**
 * Takes apart what a user wrote: `PATH`, `file:PATH`, `SCHEME:…`, or `@NAME` for one of `saved` (name to location). Paths are
 * taken as they are, nothing is decoded. Throws `location-invalid`, and `secret-in-location` for a password in a URL.
 *
 * Node gives arguments as text: bytes on the command line that are not UTF-8 are lost before they get here, so a root with
 * such a name cannot be written; what is below a root is not affected.
 */
export function parseLocation(
  written: string,
  saved: Readonly<Record<string, { readonly location: string }>> = {},
): LocationConfig {
  if (written.startsWith('@')) return parseLocation(findSaved(written.slice(1), saved));
  if (written.includes('\0')) throw new HoldfastError('location-invalid', 'The location holds a NUL character.');
  const scheme = schemeOf(written);
  const text = scheme === undefined ? written : written.slice(scheme.length + 1);
  if (text === '') {
    const what = scheme === undefined ? 'A location is empty' : `The location "${written}" names nothing after "${scheme}:"`;
    throw new HoldfastError('location-invalid', `${what}.`, { hint: 'For the folder you are in, write ".".' });
  }
  if (scheme === undefined || scheme === FILE_SCHEME) return { scheme: FILE_SCHEME, text };
  refuseSecret(written);
  return { scheme, text };
}

function findSaved(name: string, saved: Readonly<Record<string, { readonly location: string }>>): string {
  const entry = Object.hasOwn(saved, name) ? saved[name] : undefined;
  if (entry === undefined) {
    const names = Object.keys(saved).map((each) => `@${each}`);
    const known = names.length === 0 ? 'none is saved' : `there are: ${names.join(', ')}`;
    throw new HoldfastError('location-invalid', `No location is saved as "@${name}" (${known}).`, {
      hint: `Add it under "locations" in the configuration; for a path write "./@${name}".`,
    });
  }
  if (entry.location.startsWith('@')) {
    throw new HoldfastError('location-invalid', `The saved location "@${name}" is "${entry.location}", another saved one.`, {
      hint: 'Write out where it is in the configuration.',
    });
  }
  return entry.location;
}

function refuseSecret(written: string): void {
  const shown = redactUrls(written);
  if (shown !== written) throw new HoldfastError('secret-in-location', `A secret stands in the location ${shown}.`);
}
