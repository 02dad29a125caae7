const sizeUnits = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB'];

/** Bytes for people, in powers of 1024 with three digits: `0 B`, `1.50 KiB`, `12.3 GiB`, `1023 MiB`. Exact below 1 KiB. */
export function formatSize(bytes: bigint | number): string {
  let value = Number(bytes);
  let unit = 0;
  // 1023.5 would be shown as 1024 of the smaller unit.
  while (Math.abs(value) >= (unit === 0 ? 1024 : 1023.5) && unit < sizeUnits.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${unit === 0 ? Math.round(value) : threeDigits(value)} ${sizeUnits[unit]}`;
}

/** Bytes a second for people: `12.3 MiB/s`. */
export function formatRate(bytesPerSecond: bigint | number): string {
  return `${formatSize(bytesPerSecond)}/s`;
}

/** Time for people: `85 ms`, `1.2 s`, `3 min 20 s`, `1 h 05 min`, `2 d 3 h`. */
export function formatDuration(ms: number): string {
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  if (ms < 9950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return joinUnits(Math.floor(seconds / 60), 'min', seconds % 60, 's');
  const minutes = Math.round(ms / 60_000);
  if (minutes < 24 * 60) return joinUnits(Math.floor(minutes / 60), 'h', minutes % 60, 'min');
  const hours = Math.round(ms / 3_600_000);
  return joinUnits(Math.floor(hours / 24), 'd', hours % 24, 'h');
}

/** A count for people, with what is counted where it is given: `1,234`, `1 file`, `1,234 files`. */
export function formatCount(count: bigint | number, singular?: string, plural = `${singular}s`): string {
  const digits = String(count).replace(/\B(?=(\d{3})+$)/g, ',');
  return singular === undefined ? digits : `${digits} ${Number(count) === 1 ? singular : plural}`;
}

function threeDigits(value: number): string {
  return value.toFixed(Math.abs(value) < 9.995 ? 2 : Math.abs(value) < 99.95 ? 1 : 0);
}

function joinUnits(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0
    ? `${large} ${largeUnit}`
    : `${large} ${largeUnit} ${String(small).padStart(largeUnit === 'd' ? 1 : 2, '0')} ${smallUnit}`;
}
