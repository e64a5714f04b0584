#!/usr/bin/env node
import { accounts } from '@portcullis/accounts';
import { api } from '@portcullis/api';
import { books } from '@portcullis/books';
import { runService } from '@portcullis/service';
import { ships } from '@portcullis/ships';

await runService({ service: api, mounted: { '/books': books, '/ships': ships, '/accounts': accounts } });
