// @ts-expect-error -- The package brings no types.
import sodiumNative from 'sodium-native';

const sodium = sodiumNative as {
  crypto_onetimeauth(out: Uint8Array, message: Uint8Array, key: Uint8Array): void;
};

/** Poly1305 (RFC 8439, 2.5) of `message` under `key`, 32 bytes r and s, into the 16 bytes of `out`. */
export function authenticateOnce(out: Uint8Array, message: Uint8Array, key: Uint8Array): void {
  sodium.crypto_onetimeauth(out, message, key);
}
