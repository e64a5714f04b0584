import type { ReceivedMail } from '@portcullis/port-contracts';
import { type AddressObject, simpleParser } from 'mailparser';

const addressesOf = (to: AddressObject | AddressObject[] | undefined): string[] =>
  [to ?? []].flat().flatMap(({ value }) => value.map(({ address = '' }) => address));

/** As a mail program reads it. */
export async function readMail(source: string | Buffer): Promise<ReceivedMail> {
  const { to, subject = '', text = '', headerLines } = await simpleParser(source);
  return { to: addressesOf(to).join(', '), subject, text, headers: headerLines.map(({ key }) => key) };
}
