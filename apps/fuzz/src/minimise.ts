const HEAD_END = Buffer.from('\r\n\r\n');

/**
 * A request that is as wrong as this one, and shorter: without the header lines that do not matter, with a shorter target and
 * a shorter body. A Content-Length that was right stays right.
 * @param isWrong whether the bytes still show the fault
 * @param tries how often it may be asked at most
 */
export async function minimised(
  bytes: Buffer,
  isWrong: (candidate: Buffer) => Promise<boolean>,
  tries: number,
): Promise<Buffer> {
  let best = bytes;
  let left = tries;
  async function keeps(candidate: Buffer): Promise<boolean> {
    if (left === 0 || candidate.length >= best.length) return false;
    left -= 1;
    if (!(await isWrong(candidate))) return false;
    best = candidate;
    return true;
  }

  for (const part of ['lines', 'body'] as const) {
    for (let size = Math.max(1, piecesOf(best, part) >> 1); size >= 1; size >>= 1) {
      for (let at = piecesOf(best, part) - size; at >= 0; at -= size) {
        if (left === 0) return best;
        await keeps(without(best, part, at, size));
      }
    }
  }
  return best;
}

function split(bytes: Buffer) {
  const end = bytes.indexOf(HEAD_END);
  const head = bytes.subarray(0, end < 0 ? bytes.length : end).toString('latin1');
  const [requestLine = '', ...lines] = head.split('\r\n');
  return { requestLine, lines, body: end < 0 ? undefined : bytes.subarray(end + HEAD_END.length) };
}

/** How many pieces a part has; long bodies are cut by sixteenths at the finest. */
function piecesOf(bytes: Buffer, part: 'lines' | 'body'): number {
  const { lines, body } = split(bytes);
  return part === 'lines' ? lines.length : Math.min(body?.length ?? 0, 16);
}

function without(bytes: Buffer, part: 'lines' | 'body', at: number, size: number): Buffer {
  const { requestLine, lines, body } = split(bytes);
  if (part === 'lines') return joined(requestLine, lines.toSpliced(at, size), body);
  if (!body) return bytes;
  const piece = Math.ceil(body.length / piecesOf(bytes, 'body'));
  const shorter = Buffer.concat([body.subarray(0, at * piece), body.subarray((at + size) * piece)]);
  const relengthened = lines.map((line) =>
    line.toLowerCase() === `content-length: ${body.length}` ? `Content-Length: ${shorter.length}` : line,
  );
  return joined(requestLine, relengthened, shorter);
}

const joined = (requestLine: string, lines: readonly string[], body: Buffer | undefined): Buffer =>
  Buffer.concat([Buffer.from([requestLine, ...lines].join('\r\n'), 'latin1'), ...(body ? [HEAD_END, body] : [])]);
