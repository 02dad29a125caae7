import { HoldfastError } from '@holdfast/core/plugin';
import type { ConfigSchema, LocationConfig } from '@holdfast/core/plugin';

/** Configuration of a local directory. */
export interface DiskConfig {
  /** Absolute, or relative to the working directory. */
  readonly path: string;
}

/** A location without a scheme, and one with `file:`, is a path as it is written; `file:///data` means `/data` too. */
export function parseDiskLocation({ text }: LocationConfig): DiskConfig {
  const url = /^\/\/([^/]*)(\/.*)$/s.exec(text);
  if (url === null) return { path: text };
  const [, host = '', path = text] = url;
  if (host === '' || host === 'localhost') return { path };
  throw new HoldfastError('location-invalid', `"file:${text}" names the machine "${host}".`, {
    hint: 'A file: location is on this machine; use sftp: or smb: for another one.',
  });
}

/** Standard Schema of a DiskConfig. */
export const diskConfig: ConfigSchema<DiskConfig> = {
  '~standard': {
    version: 1,
    vendor: 'holdfast',
    validate: (value) => {
      const path = typeof value === 'object' && value !== null && 'path' in value ? value.path : undefined;
      if (typeof path === 'string' && path !== '' && !path.includes('\0')) return { value: { path } };
      return { issues: [{ message: 'must be the path of a directory', path: ['path'] }] };
    },
  },
};
