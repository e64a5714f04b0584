#!/usr/bin/env node
import { runService } from '@portcullis/service';
import { books } from './service.ts';

await runService({ service: books });
