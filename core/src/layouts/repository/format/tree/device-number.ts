/** st_rdev in Linux's encoding (makedev(3)) of core's `major << 32 | minor`. */
export function toDeviceNumber(device: bigint): bigint {
  const major = device >> 32n;
  const minor = device & 0xffffffffn;
  return ((major & ~0xfffn) << 32n) | ((minor & ~0xffn) << 12n) | ((major & 0xfffn) << 8n) | (minor & 0xffn);
}

/** The reverse. */
export function fromDeviceNumber(number: bigint): bigint {
  const major = ((number >> 32n) & 0xfffff000n) | ((number >> 8n) & 0xfffn);
  const minor = ((number >> 12n) & 0xffffff00n) | (number & 0xffn);
  return (major << 32n) | minor;
}
