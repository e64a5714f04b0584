import { books } from '@portcullis/books';
import { certifyCollections } from '@portcullis/testing';

certifyCollections(books);
