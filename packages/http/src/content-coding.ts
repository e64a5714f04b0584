import { type BrotliOptions, brotliDecompress, gunzip, inflate, inflateRaw, type ZlibOptions } from 'node:zlib';
import { err, ok, type Result } from '@portcullis/domain';

/** A value of `Accept-Encoding` with every coding that `codingsOf` knows by a name of its own. */
export const ACCEPTED_CODINGS = 'gzip, deflate, br';

/** A list that is longer is refused: each coding costs a pass over the body, and no client needs more than one. */
const MAXIMUM_CODINGS = 4;

export type DecodingFault =
  /** The bytes are not what their coding says: incomplete, followed by others, or no such format. */
  'malformed' | 'too-large';

/** Undoes one coding. @param limitBytes the most that may come out */
type Decode = (encoded: Buffer, limitBytes: number) => Promise<Result<Buffer, DecodingFault>>;

/** As zlib's functions are with `info`, which their types do not show. */
type Inflate = (
  encoded: Buffer,
  options: (ZlibOptions & BrotliOptions) & { readonly info: true },
  done: (
    fault: Error | null,
    inflated: { readonly buffer: Buffer; readonly engine: { readonly bytesWritten: number } },
  ) => void,
) => void;

/**
 * Whatever zlib or brotli reports is the fault of the bytes, by whatever code it is reported; there is no list of codes that
 * could be incomplete.
 */
const decoderOf =
  (inflating: unknown): Decode =>
  (encoded, limitBytes) =>
    new Promise((resolve) => {
      const options = { info: true, maxOutputLength: limitBytes } as const;
      (inflating as Inflate)(encoded, options, (fault, inflated) => {
        if (fault) resolve(err(isTooLarge(fault) ? 'too-large' : 'malformed'));
        // Bytes behind the end of the stream would be dropped in silence.
        else if (inflated.engine.bytesWritten !== encoded.length) resolve(err('malformed'));
        else resolve(ok(inflated.buffer));
      });
    });

const isTooLarge = (fault: NodeJS.ErrnoException): boolean => fault.code === 'ERR_BUFFER_TOO_LARGE';

const decodeGzip = decoderOf(gunzip);
const decodeZlib = decoderOf(inflate);
const decodeRaw = decoderOf(inflateRaw);

/** The method and the check bits of a zlib header (RFC 1950 §2.2). */
const beginsZlib = ([method = 0, flags = 0]: Buffer): boolean =>
  (method & 0x0f) === 8 && (method * 256 + flags) % 31 === 0;

const CODINGS: ReadonlyMap<string, Decode> = new Map([
  ['gzip', decodeGzip],
  // RFC 9110 §8.4.1.3.
  ['x-gzip', decodeGzip],
  // `deflate` is the zlib format; some send the bare stream instead (RFC 9110 §8.4.1.2).
  ['deflate', (encoded, limitBytes) => (beginsZlib(encoded) ? decodeZlib : decodeRaw)(encoded, limitBytes)],
  ['br', decoderOf(brotliDecompress)],
]);

/**
 * What undoes the codings of a `Content-Encoding`, the last one applied first (RFC 9110 §8.4); undefined where one of them is
 * not known, or there are too many. Names are compared without regard to case; `identity` and empty elements are no codings.
 */
export function codingsOf(contentEncoding = ''): readonly Decode[] | undefined {
  const names = contentEncoding
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '' && name !== 'identity');
  const decoders = names.flatMap((name) => CODINGS.get(name) ?? []);
  return decoders.length < names.length || names.length > MAXIMUM_CODINGS ? undefined : decoders.reverse();
}

/** Undoes codings one after the other. None may make more than `limitBytes`, the ones in between included. */
export async function decodeAll(
  encoded: Buffer,
  decoders: readonly Decode[],
  limitBytes: number,
): Promise<Result<Buffer, DecodingFault>> {
  let bytes = encoded;
  for (const decode of decoders) {
    const decoded = await decode(bytes, limitBytes);
    if (!decoded.ok) return decoded;
    bytes = decoded.value;
  }
  return ok(bytes);
}
