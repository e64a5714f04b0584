import type { IssuedToken } from '@portcullis/domain';
import { viewOf } from '@portcullis/http';
import Type from 'typebox';
import type { Book } from './book/book.ts';

const ofOutcome = viewOf<string>();
export const outcomeView = ofOutcome.view('Outcome', { message: ofOutcome.field(Type.String(), (message) => message) });

const ofToken = viewOf<IssuedToken>();
export const tokenView = ofToken.view('Token', { token: ofToken.field(Type.String(), ({ text }) => text) });

const ofBook = viewOf<Book>();
const bookView = ofBook.view('Book', {
  id: ofBook.field(Type.Integer(), ({ id }) => id),
  title: ofBook.field(Type.String(), ({ title }) => title),
  author: ofBook.field(Type.String(), ({ author }) => author),
});

const ofBooks = viewOf<readonly Book[]>();
export const booksView = ofBooks.view('Books', { Books: ofBooks.list(bookView, (books) => books) });
