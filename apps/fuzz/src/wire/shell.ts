import { gzipSync } from 'node:zlib';

const READABLE_BYTES = 2_000;

/** Sends what it reads, prints what comes back, and leaves closing to the server. `nc` is not everywhere. */
const send = (port: number): string =>
  `node -e 'const s=require("net").connect(${port},"127.0.0.1");process.stdin.pipe(s,{end:false});s.pipe(process.stdout)'`;

/** A line for a shell that sends these bytes to a server on this machine. */
export function shellLine(bytes: Buffer, port: number): string {
  if (bytes.length > READABLE_BYTES) {
    return `printf %s '${gzipSync(bytes).toString('base64')}' | base64 -d | gunzip | ${send(port)}`;
  }
  const text = [...bytes]
    .map((byte) => {
      const character = String.fromCharCode(byte);
      if (character === '\r') return '\\r';
      if (character === '\n') return '\\n';
      if (character === '%') return '%%';
      if (byte < 0x20 || byte > 0x7e || character === "'" || character === '\\')
        return `\\${byte.toString(8).padStart(3, '0')}`;
      return character;
    })
    .join('');
  return `printf -- '${text}' | ${send(port)}`;
}
