import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { err, ok, type Result } from '@portcullis/domain';
import { isSystemError } from '@portcullis/files';
import { NotRegularFile, readRegularFile } from '../regular-file.ts';
import type { SettingFault } from './fault.ts';
import type { Environment } from './read.ts';

/** The variables that the settings are read from. */
export interface Sources {
  /** Those of this process, over those of the file `.env`. None is empty. */
  readonly environment: Environment;
  /** The names in `.env`. */
  readonly inFile: readonly string[];
}

/**
 * The variables of this process, over those of the file `.env` in `folder`, where there is one. An empty variable counts as unset.
 * A file that is not in UTF-8, or has a line that says nothing, is refused: to skip it would start with other settings than it has.
 */
export async function environmentIn(
  folder: string,
  own: Environment,
): Promise<Result<Sources, readonly SettingFault[]>> {
  const text = await textOf(join(folder, '.env'));
  if (!text.ok) return err([text.error]);
  const { entries, faults } = parsed(text.value);
  if (faults.length > 0) return err(faults.map(fault));
  const inFile = Object.fromEntries(entries);
  return ok({ environment: { ...withoutEmpty(inFile), ...withoutEmpty(own) }, inFile: [...entries.keys()] });
}

const withoutEmpty = (environment: Environment): Environment =>
  Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''));

const fault = (expected: string): SettingFault => ({ kind: 'setting-invalid', variable: '.env', expected });

const MAXIMUM_BYTES = 1024 * 1024;

/** The text of the file, empty where there is none, with line feeds alone and without a byte order mark. */
async function textOf(file: string): Promise<Result<string, SettingFault>> {
  let bytes: Buffer;
  try {
    bytes = await readRegularFile(file, MAXIMUM_BYTES);
  } catch (failed) {
    if (failed instanceof NotRegularFile) return err(fault(`a file with text, and ${failed.message}`));
    if (!isSystemError(failed)) throw failed;
    if (failed.code !== 'ENOENT')
      return err(fault(`a file that can be read, and reading it failed with ${failed.code}`));
    // A link to nothing was meant to lead to settings.
    return (await isThere(file)) ? err(fault('a file that can be read, and it is a link that leads to none')) : ok('');
  }
  // Either byte order, with its mark or without one: ASCII in UTF-16 is every other byte zero.
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff) || bytes.includes(0)) {
    return err(fault('a text in UTF-8, and it is in UTF-16 or has NUL characters'));
  }
  try {
    // Takes a byte order mark away.
    return ok(new TextDecoder('utf-8', { fatal: true }).decode(bytes).replaceAll('\r\n', '\n'));
  } catch {
    return err(fault('a text in UTF-8, and it has bytes that are not'));
  }
}

const isThere = (file: string): Promise<boolean> =>
  lstat(file).then(
    () => true,
    () => false,
  );

const BLANK = /[^\S\n]*(?:#[^\n]*)?(?:\n|$)/y;
/** A quoted value may have several lines; any other one ends with its line or at ` #`. */
const ENTRY =
  /[^\S\n]*(?:export[^\S\n]+)?([A-Za-z_][A-Za-z0-9_]*)[^\S\n]*=[^\S\n]*(?:"([^"]*)"|'([^']*)'|`([^`]*)`|((?!["'`#])[^\n#]*?))(?:[^\S\n]*|[^\S\n]+#[^\n]*)(?:\n|$)/y;

/**
 * The entries, and every line that is none or has a name once more: without its value, which may be a secret. Not Node's own
 * `parseEnv`, which skips what it cannot read, cuts a value at `#`, and takes a tab for a part of the next name. As there, `\n` in double
 * quotes is a line feed.
 */
function parsed(text: string): { readonly entries: ReadonlyMap<string, string>; readonly faults: readonly string[] } {
  const entries = new Map<string, string>();
  const lineOf = new Map<string, number>();
  const faults: string[] = [];
  let line = 1;
  for (let at = 0; at < text.length; ) {
    let taken = matchAt(BLANK, text, at)?.[0];
    const entry = taken === undefined ? matchAt(ENTRY, text, at) : null;
    if (entry) {
      const [whole, name = '', double, single, backtick, bare = ''] = entry;
      const first = lineOf.get(name);
      if (first !== undefined) faults.push(`every name once, and ${name} is in lines ${first} and ${line}`);
      lineOf.set(name, first ?? line);
      entries.set(name, double?.replaceAll('\\n', '\n') ?? single ?? backtick ?? bare);
      taken = whole;
    } else if (taken === undefined) {
      faults.push(`NAME=value in line ${line}; a value with \`#\` or quotes is put into quotes that it does not have`);
      const end = text.indexOf('\n', at);
      taken = end < 0 ? text.slice(at) : text.slice(at, end + 1);
    }
    line += taken.split('\n').length - 1;
    at += taken.length;
  }
  return { entries, faults };
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  const found = pattern.exec(text);
  // At the end of the text nothing is a line, too.
  return found?.[0] === '' ? null : found;
}
