import { err, ok, type Result } from '@portcullis/domain';
import type { Context } from 'koa';
import bodyParser from 'koa-bodyparser';
import { codingsOf, type DecodingFault, decodeAll } from './content-coding.ts';

/** Why a body's bytes could not be read. */
export type BytesFault =
  /** `reason` is for the client: what about it can't be read. */
  | { readonly kind: 'body-malformed'; readonly reason: string }
  | { readonly kind: 'body-too-large' }
  /** A `Content-Encoding` that is not known, or a list of too many. */
  | { readonly kind: 'content-coding-unsupported' };

/** The bytes of a body, decoded; undefined where there is no body, or its Content-Type cannot be read. */
export type ReadBytes = (ctx: Context) => Promise<Result<Buffer | undefined, BytesFault>>;

export const malformed = (reason: string) => ({ kind: 'body-malformed', reason }) as const;
export const NOT_UTF8 = malformed('The body is not valid UTF-8.');

const decodingFaults: Readonly<Record<DecodingFault, BytesFault>> = {
  malformed: malformed('The body cannot be decompressed.'),
  'too-large': { kind: 'body-too-large' },
};

/**
 * Reads bodies of up to `limitBytes`, as they are sent and after each coding is undone. One limit for both: a body that is larger
 * before than after decoding is no use to a client, and all the work that one can cause is in proportion to the limit.
 */
export function bytesReader(limitBytes: number): ReadBytes {
  const readRaw = bodyParser({
    enableTypes: ['text'],
    // Every media type: which ones a route takes is the route's to say, and it answers in the service's own words.
    extendTypes: { text: ['*/*'] },
    textLimit: `${limitBytes}b`,
    // Not in the types, and passed through to raw-body, which answers a Buffer when told `null`.
    ...{ encoding: null },
  });

  return async (ctx) => {
    const { headers } = ctx.req;
    const decoders = codingsOf(headers['content-encoding']);
    if (!decoders) return err({ kind: 'content-coding-unsupported' });
    // koa-bodyparser would decompress without a limit on what it takes in.
    delete headers['content-encoding'];
    // What has no type is bytes (RFC 9110 §8.3); left out, the body would not be read, and one that is empty not known to be.
    headers['content-type'] ??= 'application/octet-stream';
    try {
      await readRaw(ctx, async () => {});
    } catch (fault) {
      const { status } = fault as { readonly status?: number };
      if (status === 413) return err({ kind: 'body-too-large' });
      // Nobody is left to read the answer; it is no fault of ours either.
      if (ctx.req.errored || ctx.req.destroyed) return err(malformed('The body ended early.'));
      if (status === 400) return err(malformed('The body does not have the length that was announced.'));
      throw fault;
    }
    const { body } = ctx.request;
    if (!Buffer.isBuffer(body)) return ok(undefined);
    const decoded = await decodeAll(body, decoders, limitBytes);
    return decoded.ok ? decoded : err(decodingFaults[decoded.error]);
  };
}
